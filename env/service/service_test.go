package service

import (
	"strings"
	"testing"
)

func TestParseService(t *testing.T) {
	for _, test := range []struct{ url, want string }{
		// Hosts and ports.
		{"postgres://localhost/app", "tcp localhost:5432"},
		{"postgresql://db:5433/app?sslmode=disable", "tcp db:5433"},
		{"POSTGRES://db/app", "tcp db:5432"},
		{"postgres://db:/app", "tcp db:5432"},
		{"redis://cache.example.com:6380/0", "tcp cache.example.com:6380"},
		{"rediss://cache", "tcp cache:6379"},
		{"mysql2://root@127.0.0.1/app", "tcp 127.0.0.1:3306"},
		{"amqp://mq/vhost", "tcp mq:5672"},
		{"http://search:9200", "tcp search:9200"},
		{"https://search", "tcp search:443"},
		{"postgresql+psycopg2://db/app", "tcp db:5432"},
		{"jdbc:postgresql://db/app?user=u&password=secret", "tcp db:5432"},
		{"jdbc:sqlserver://db:1434;user=u;password=secret/@x", "tcp db:1434"},
		{"jdbc:sqlserver://db;user=u;password=secret", "tcp db:1433"},
		{"tcp://db:9", "tcp db:9"},
		{"made-up://db:9", "tcp db:9"},
		{"postgres://my%2Ddb/app", "tcp my-db:5432"},
		{"postgres://bücher/app", "tcp bücher:5432"},
		{"redis://my_cache", "tcp my_cache:6379"},
		{"https://cdn/react@18", "tcp cdn:443"},
		{"http://npm:4873/@scope/package", "tcp npm:4873"},

		// Users and passwords.
		{"postgres://u:secret@db/app", "tcp db:5432"},
		{"postgres://u:se@cr:et@db/app", "tcp db:5432"},
		{"postgres://u:se;cr=et@db/app", "tcp db:5432"},
		{"redis://:secret@cache", "tcp cache:6379"},
		{"postgres://db/app?user=me@there&password=secret", "tcp db:5432"},

		// IPv6.
		{"redis://[::1]", "tcp [::1]:6379"},
		{"redis://u:secret@[2001:db8::7]:6380/1", "tcp [2001:db8::7]:6380"},
		{"redis://[fe80::1%25eth0]:6380", "tcp [fe80::1%eth0]:6380"},

		// Several hosts.
		{"postgres://a,b:5433/app", "tcp a:5432, tcp b:5433"},
		{"mongodb://u:secret@a:1,[::1]:2,c/app", "tcp a:1, tcp [::1]:2, tcp c:27017"},
		{"postgres:///app?host=a,b&port=1,2", "tcp a:1, tcp b:2"},
		{"postgres:///app?host=a,b&port=1", "tcp a:1, tcp b:1"},

		// Sockets.
		{"postgres://%2Fvar%2Frun%2Fpostgresql/app", "unix /var/run/postgresql/.s.PGSQL.5432"},
		{"postgres://u:secret@%2Fvar%2Frun:5433/app", "unix /var/run/.s.PGSQL.5433"},
		{"postgres:///app?host=/var/run&port=5433", "unix /var/run/.s.PGSQL.5433"},
		{"postgres:///app?host=/var/run,db", "unix /var/run/.s.PGSQL.5432, tcp db:5432"},
		{"postgres://localhost/app?host=/var/run", "unix /var/run/.s.PGSQL.5432"},
		{"postgres:///app?host=db&port=5433", "tcp db:5433"},
		{"mysql://localhost/app?unix_socket=/run/mysqld.sock", "unix /run/mysqld.sock"},
		{"mysql2:///app?socket=/run/mysqld.sock", "unix /run/mysqld.sock"},
		{"unix:///run/redis.sock?db=1", "unix /run/redis.sock"},
		{"redis+unix:///run/redis.sock", "unix /run/redis.sock"},
		{"redis+socket://u:secret@/run/redis.sock", "unix /run/redis.sock"},
		{"redis-socket:///run/redis.sock", "unix /run/redis.sock"},
		{"http+unix://%2Frun%2Fdocker.sock/info", "unix /run/docker.sock"},
		{"mongodb://%2Ftmp%2Fmongodb-27017.sock/app", "unix /tmp/mongodb-27017.sock"},
		{"https://api?socket=true&host=/x", "tcp api:443"},

		// What cannot be waited for. A secret is never said again.
		{"", "KEY is not a URL: write scheme://host:port"},
		{"secret", "KEY is not a URL: write scheme://host:port"},
		{"sqlite3:secret.db", "KEY is not a URL: write scheme://host:port"},
		{"db:5432/app", "KEY is not a URL: write scheme://host:port"},
		{"//db:5432/app", "KEY is not a URL: write scheme://host:port"},
		{"://db", "KEY is not a URL: write scheme://host:port"},
		{"se@cret://db", "KEY is not a URL: write scheme://host:port"},
		{"sqlite:///secret.db", "KEY has no host: write scheme://host:port"},
		{"postgres:///secret", "KEY has no host: write scheme://host:port"},
		{"redis://:secret@:6379", "KEY has no host: write scheme://host:port"},
		{"postgres://a,,b/app", "KEY has no host: write scheme://host:port"},
		{"redis://cache:0", "KEY has an invalid port: write scheme://host:port"},
		{"redis://cache:65536", "KEY has an invalid port: write scheme://host:port"},
		{"redis://cache:+80", "KEY has an invalid port: write scheme://host:port"},
		{"redis://cache:-80", "KEY has an invalid port: write scheme://host:port"},
		{"redis://u:secret", "KEY has an invalid port: write scheme://host:port"},
		{"redis://u:secret/y", "KEY has an invalid port: write scheme://host:port"},
		{"redis://::1", "KEY has an invalid host: write scheme://host:port, with an IPv6 address in brackets"},
		{"redis://[::1", "KEY has an invalid host: write scheme://host:port, with an IPv6 address in brackets"},
		{"redis://[::1]x:1", "KEY has an invalid host: write scheme://host:port, with an IPv6 address in brackets"},
		{"redis://[cache]:1", "KEY has an invalid host: write scheme://host:port, with an IPv6 address in brackets"},
		{"redis://${HOST}:1", "KEY has an invalid host: write scheme://host:port, with an IPv6 address in brackets"},
		{"redis://ca%che", "KEY has an invalid host: write scheme://host:port, with an IPv6 address in brackets"},
		{"sqlserver://db;password=secret", "KEY has an invalid host: write scheme://host:port, with an IPv6 address in brackets"},
		{"made-up://db", "KEY has the scheme made-up, whose port reeve does not know: write scheme://host:port"},
		{"made-up://[::1]", "KEY has the scheme made-up, whose port reeve does not know: write scheme://host:port"},
		{"tcp://db", "KEY has the scheme tcp, whose port reeve does not know: write scheme://host:port"},
		{"mongodb+srv://u:secret@cluster.example.com/app", "KEY finds its hosts through DNS (+srv): reeve cannot wait for those"},
		{"unix://run", "KEY has no path to a socket: write unix:///path/to/socket"},
		{"redis://cache/%zz", "KEY is not a URL: its path or query is invalid"},
		{"postgres://u:12#secret@db/app", lateAt}, {"postgres://u:12/secret@db/app", lateAt},
		{"postgres://u:12?secret@db/app", lateAt}, {"postgres://u:secret@1/2@db/app", lateAt},
		{"http://u:12/secret@db", lateAt},
	} {
		s, err := Parse("KEY", test.url)
		var got []string
		for _, a := range s.addresses {
			got = append(got, a.network+" "+a.at)
		}
		if err != nil {
			got = []string{err.Error()}
		}
		if s.key != "KEY" || strings.Join(got, ", ") != test.want {
			t.Errorf("%s:\n got %s\nwant %s", test.url, strings.Join(got, ", "), test.want)
		}
	}
}

const lateAt = "KEY has an @ after its host: in a user name or password write %40 for @, %2F for /, %3F for ?, %23 for #"

// A password is nowhere in what is understood or reported, whatever is in it.
func FuzzParseServicePassword(f *testing.F) {
	for _, password := range []string{"a", "@", "p:1", "%41", "a;b", "a/b", "a?b#c", "a?b=c"} {
		f.Add(password)
	}
	const secret = "53cr37"
	f.Fuzz(func(t *testing.T, password string) {
		for _, scheme := range []string{"postgres", "redis", "amqp", "mongodb"} {
			s, err := Parse("KEY", scheme+"://user:"+secret+password+secret+"@db/app")
			if err != nil && strings.Contains(err.Error(), secret) {
				t.Errorf("an error has it: %v", err)
			}
			for _, a := range s.addresses {
				if strings.Contains(a.at, secret) {
					t.Errorf("%s has it", a.at)
				}
			}
		}
	})
}

func TestIsLocal(t *testing.T) {
	for url, want := range map[string]bool{
		"redis://localhost":             true,
		"redis://db":                    true,
		"redis://127.3.2.1":             true,
		"redis://[::1]":                 true,
		"redis://10.0.0.1":              true,
		"redis://192.168.1.1":           true,
		"redis://172.16.0.1":            true,
		"redis://169.254.1.1":           true,
		"redis://[fd00::1]":             true,
		"redis://[fe80::1%25eth0]":      true,
		"redis://db.localhost":          true,
		"redis://host.docker.internal":  true,
		"redis://db.svc.cluster.local.": true,
		"unix:///run/redis.sock":        true,
		"redis://8.8.8.8":               false,
		"redis://172.32.0.1":            false,
		"redis://[2001:db8::1]":         false,
		"redis://example.com":           false,
		"redis://local.example.com":     false,
		"redis://localhost,example.com": false,
	} {
		s, err := Parse("KEY", url)
		if err != nil || s.IsLocal() != want {
			t.Errorf("%s: local %v, %v; want %v", url, s.IsLocal(), err, want)
		}
	}
}
