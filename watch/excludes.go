package watch

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// gitignore(5) knows two files besides the .gitignore ones, both weaker than these: info/exclude in the
// repository, and the one that core.excludesFile names, for all repositories of a user.

// excludes reads the rules of these two, the stronger last.
func (r repository) excludes(root string) (all []*ignores) {
	if r.Git == "" {
		return nil
	}
	above := ""
	if rel, err := filepath.Rel(r.Top, root); err == nil && rel != "." {
		above = filepath.ToSlash(rel) + "/"
	}
	common := r.common()
	for _, file := range []string{excludesFile(filepath.Join(common, "config")), filepath.Join(common, "info", "exclude")} {
		if rules := readRules(file); rules != nil {
			all = append(all, &ignores{above: above, rules: rules})
		}
	}
	return all
}

// common is the directory that all worktrees of the repository share.
func (r repository) common() string {
	named, err := os.ReadFile(filepath.Join(r.Git, "commondir"))
	dir := strings.TrimSpace(string(named))
	switch {
	case err != nil || dir == "":
		return r.Git
	case filepath.IsAbs(dir):
		return dir
	}
	return filepath.Join(r.Git, dir)
}

// excludesFile is what core.excludesFile says, in the repository's settings or in those of the user, or the
// file that git reads otherwise.
func excludesFile(repository string) string {
	home, _ := os.UserHomeDir()
	config := os.Getenv("XDG_CONFIG_HOME")
	if config == "" {
		config = filepath.Join(home, ".config")
	}
	users := []string{filepath.Join(home, ".gitconfig"), filepath.Join(config, "git", "config")}
	if file := os.Getenv("GIT_CONFIG_GLOBAL"); file != "" {
		users = []string{file}
	}
	for _, settings := range slices.Concat([]string{repository}, users, []string{"/etc/gitconfig"}) {
		if file := excludesSetting(settings); file != "" {
			if below, ok := strings.CutPrefix(file, "~/"); ok {
				return filepath.Join(home, below)
			}
			return file
		}
	}
	return filepath.Join(config, "git", "ignore")
}

// excludesSetting finds core.excludesFile in a file of git-config(1), where the last one counts.
func excludesSetting(file string) (value string) {
	text, err := os.ReadFile(file)
	if err != nil {
		return ""
	}
	section := ""
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if inside, ok := strings.CutPrefix(line, "["); ok {
			section, line, _ = strings.Cut(inside, "]")
			line = strings.TrimSpace(line)
		}
		key, is, _ := strings.Cut(line, "=")
		if strings.EqualFold(section, "core") && strings.EqualFold(strings.TrimSpace(key), "excludesfile") {
			value = strings.Trim(strings.TrimSpace(is), `"`)
		}
	}
	return value
}
