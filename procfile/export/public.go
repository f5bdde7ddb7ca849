package export

import (
	"strings"

	"reeve/internal/pattern"
)

// A value is secret unless it is known not to be: a name tells too little, and a secret
// in a file that others can read is found too late. Known are variables that many apps
// have, if their values are such as these variables have.

// public are variables by what their values look like. A name may begin with a *.
var public = []struct {
	value *pattern.Pattern
	keys  string
}{
	{isMode, "RAILS_ENV RACK_ENV NODE_ENV APP_ENV MIX_ENV FLASK_ENV DJANGO_ENV HANAMI_ENV GO_ENV BUN_ENV ENV ENVIRONMENT " +
		"APP_ENVIRONMENT ASPNETCORE_ENVIRONMENT DOTNET_ENVIRONMENT SPRING_PROFILES_ACTIVE RUST_ENV DENO_ENV KEMAL_ENV"},
	{isLevel, "LOG_LEVEL LOGLEVEL RAILS_LOG_LEVEL RUST_LOG *_LOG_LEVEL"},
	{isSwitch, "DEBUG APP_DEBUG FLASK_DEBUG DJANGO_DEBUG VERBOSE RAILS_LOG_TO_STDOUT RAILS_SERVE_STATIC_FILES PYTHONUNBUFFERED " +
		"PYTHONDONTWRITEBYTECODE RUST_BACKTRACE NO_COLOR FORCE_COLOR CI PHX_SERVER GIN_DEBUG BOOTSNAP_CACHE"},
	{isCount, "PORT *_PORT WEB_CONCURRENCY WORKERS THREADS CONCURRENCY RAILS_MAX_THREADS RAILS_MIN_THREADS MAX_THREADS " +
		"MIN_THREADS SIDEKIQ_CONCURRENCY GOMAXPROCS UV_THREADPOOL_SIZE MALLOC_ARENA_MAX POOL_SIZE DB_POOL"},
	{isLocale, "LANG LANGUAGE LC_*"},
	{isZone, "TZ"},
	{isHere, "HOST BIND LISTEN HOSTNAME"},
	{isGinMode, "GIN_MODE"},
	{isPath, "PATH"},
}

// IsPublic reports whether anybody may read the value of a variable. An empty one tells nothing.
func IsPublic(key, value string) bool {
	if value == "" {
		return true
	}
	for _, row := range public {
		for _, known := range strings.Fields(row.keys) {
			if matchesKey(known, key) && row.value.Get().MatchString(value) {
				return true
			}
		}
	}
	return false
}

func matchesKey(known, key string) bool {
	if end, ok := strings.CutPrefix(known, "*"); ok {
		return strings.HasSuffix(key, end)
	}
	if begin, ok := strings.CutSuffix(known, "*"); ok {
		return strings.HasPrefix(key, begin)
	}
	return known == key
}

// What values look like.
var (
	isMode    = pattern.New(`(?i)^(development|production|staging|testing?|dev|prod|stage|qa|ci|local|preview|review|sandbox|demo)$`)
	isLevel   = pattern.New(`(?i)^(trace|debug|info|notice|warn|warning|error|err|critical|crit|fatal|off|none|silent|verbose|[0-7])$`)
	isSwitch  = pattern.New(`(?i)^(true|false|yes|no|on|off|full|[0-3])$`)
	isCount   = pattern.New(`(?i)^([0-9]{1,5})$`)
	isLocale  = pattern.New(`(?i)^(c|posix|[a-z]{2}([_-][a-z]{2})?(\.utf-?8|\.iso-?8859-?[0-9]{1,2})?|c\.utf-?8)$`)
	isZone    = pattern.New(`(?i)^(utc|gmt|[a-z]{3}|(africa|america|antarctica|arctic|asia|atlantic|australia|brazil|canada|chile|etc|europe|indian|mexico|pacific|us)/[a-z0-9_+/-]{1,32})$`)
	isHere    = pattern.New(`(?i)^(localhost|0\.0\.0\.0|127\.0\.0\.1|::1?|\[::1?\])$`)
	isGinMode = pattern.New(`(?i)^(debug|release|test)$`)
	isPath    = pattern.New(`(?i)^(/[a-z0-9_./-]*(:/[a-z0-9_./-]*)*)$`)
)
