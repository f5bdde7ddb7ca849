package env

import (
	"fmt"
	"io/fs"

	"reeve/internal/pattern"
)

var (
	// secretKey are the names that people give to secrets, settingKey those of what is
	// only said about one.
	secretKey  = pattern.New(`(?i)SECRET|TOKEN|PASSWORD|PASSWD|PASSPHRASE|API_?KEY|ACCESS_?KEY|PRIVATE|CREDENTIAL`)
	settingKey = pattern.New(`(?i)[_.](FILE|PATH|DIR|NAME|URL|URI|HOST|PORT|TTL|AGE|EXPIRY|EXPIRES|EXPIRES_IN|LIFETIME|TIMEOUT|LENGTH|SIZE|COUNT|LIMIT|TYPE|HEADER|ALGORITHM|ENABLED|REQUIRED)$`)

	// secretURL is a URL with a password in it.
	secretURL = pattern.New(`^[A-Za-z][A-Za-z0-9+.:-]*://[^/?#]*:[^/?#]+@`)
)

// IsSecret guesses whether nobody else should read a variable.
func (v Variable) IsSecret() bool {
	return v.Value != "" && (secretKey.Get().MatchString(v.Key) && !settingKey.Get().MatchString(v.Key) || secretURL.Get().MatchString(v.Value))
}

// exposed warns of a file with secrets that others can read, at the first of them.
func exposed(path string, mode fs.FileMode, vars []Variable) (Warning, bool) {
	if !readableByOthers(mode) {
		return Warning{}, false
	}
	for _, v := range vars {
		if v.IsSecret() {
			text := fmt.Sprintf("%s looks like a secret, and others can read this file (mode %04o): chmod 600 %s", v.Key, mode.Perm(), path)
			return Warning{Path: path, Line: v.Line, Text: text}, true
		}
	}
	return Warning{}, false
}
