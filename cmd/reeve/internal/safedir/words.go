package safedir

import "fmt"

func foreignLink(path, who string) error {
	return fmt.Errorf("cannot use %s: it is a link that belongs to %s: name the directory that it points to", path, who)
}

func linkedDir(path string) error {
	return fmt.Errorf("cannot use %s: it is a link: remove it, or choose another location", path)
}

func foreignDir(path, who string) error {
	return fmt.Errorf("cannot use %s: it belongs to %s, who can replace its contents: remove it, or choose another location", path, who)
}

func openToAll(path string) error {
	return fmt.Errorf("cannot use %s: anybody can replace its contents: chmod o-w it, or choose another location", path)
}
