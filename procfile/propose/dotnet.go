package propose

import (
	"path"
	"strings"
)

// dotnet finds the programs of .NET: a server, a worker, or a plain program.
func dotnet(d dir) []Proposal {
	files := d.glob("*.csproj", "*.fsproj", "*/*.csproj", "*/*.fsproj", "src/*/*.csproj", "src/*/*.fsproj")
	var found proposals
	servers := 0
	for _, file := range files {
		text := d.read(file)
		name := typeOf(strings.TrimSuffix(path.Base(file), path.Ext(file)))
		command := "dotnet run --project " + quoteWords([]string{file})
		if path.Dir(file) == "." && len(files) == 1 {
			command = "dotnet run"
		}
		switch {
		case strings.Contains(strings.ToLower(name), "test"):
		case strings.Contains(text, "Microsoft.NET.Sdk.Web"):
			servers++
			found.add([]Proposal{{name, command + " --urls http://0.0.0.0:$PORT", file + " is a server."}})
		case strings.Contains(text, "Microsoft.NET.Sdk.Worker"):
			typ := "worker"
			if found.has(typ) {
				typ = name
			}
			found.add([]Proposal{{typ, command, file + " is a worker service."}})
		case strings.Contains(text, "<OutputType>Exe</OutputType>") && len(files) == 1:
			found.add([]Proposal{{"app", command, file + " is a program. " + ownPort}})
		}
	}
	if servers == 1 {
		for n := range found {
			if strings.Contains(found[n].Command, "--urls") {
				found[n].Type = "web"
			}
		}
	}
	return found
}
