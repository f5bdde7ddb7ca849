package main

import (
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// service is a backing service (IV of the twelve factors) that the URL in a variable
// names. It never holds the URL itself: that has a password in it.
type service struct {
	key       string
	addresses []address // all of them have to accept connections
}

// address is where a service accepts connections.
type address struct{ network, at string } // as net.Dial has them

// defaultPorts are those that clients use where a URL has none.
var defaultPorts = map[string]string{
	"amqp": "5672", "amqps": "5671", "cassandra": "9042", "clickhouse": "9000", "cockroachdb": "26257",
	"couchdb": "5984", "elasticsearch": "9200", "ftp": "21", "http": "80", "https": "443",
	"kafka": "9092", "ldap": "389", "ldaps": "636", "mariadb": "3306", "memcache": "11211",
	"memcached": "11211", "mongodb": "27017", "mqtt": "1883", "mqtts": "8883", "mssql": "1433",
	"mysql": "3306", "mysql2": "3306", "nats": "4222", "oracle": "1521", "postgis": "5432",
	"postgres": "5432", "postgresql": "5432", "redis": "6379", "rediss": "6379", "smtp": "25",
	"smtps": "465", "sqlserver": "1433", "ssh": "22", "valkey": "6379", "valkeys": "6379",
	"ws": "80", "wss": "443",
}

// parseService reads the URL of a variable. The error does not quote it.
func parseService(key, value string) (service, error) {
	s := service{key: key}
	value = strings.TrimPrefix(value, "jdbc:")
	scheme, rest, ok := strings.Cut(value, "://")
	if !ok || scheme == "" {
		return s, errorf("%s is not a URL: it should be like scheme://host:port", key)
	}
	scheme = strings.ToLower(scheme)
	hosts, rest := cutAuthority(rest)
	u, err := url.Parse("x://" + rest)
	if err != nil {
		return s, errorf("%s is not a URL: its path or query cannot be read", key)
	}
	if socket := socketOf(scheme, hosts, u); socket != "" {
		s.addresses = []address{{"unix", socket}}
		return s, nil
	}
	base, _, _ := strings.Cut(scheme, "+") // as in postgresql+psycopg
	port, known := defaultPorts[base]
	for host := range strings.SplitSeq(hosts, ",") {
		at, err := hostPort(key, host, port)
		if err == nil && !known && base != "tcp" && !strings.Contains(host, ":") {
			err = errorf("%s has the scheme %s, whose port reeve does not know: write scheme://host:port", key, scheme)
		}
		if err != nil {
			return s, err
		}
		s.addresses = append(s.addresses, address{"tcp", at})
	}
	return s, nil
}

// cutAuthority splits what stands behind "://" into the hosts, without user and
// password, and the rest with its slash.
func cutAuthority(s string) (hosts, rest string) {
	end := strings.IndexAny(s, "/?#")
	if end < 0 {
		end = len(s)
	}
	hosts, rest = s[:end], s[end:]
	return hosts[strings.LastIndexByte(hosts, '@')+1:], rest
}

// socketOf gives the path of the Unix socket that a URL names, in the ways that the
// clients of the usual services have for that; empty: it names none.
func socketOf(scheme, hosts string, u *url.URL) string {
	query := u.Query()
	for _, parameter := range []string{"socket", "unix_socket"} {
		if path := query.Get(parameter); path != "" {
			return path
		}
	}
	directory := query.Get("host") // libpq, section 34.1.1.2
	if name, err := url.PathUnescape(hosts); err == nil && strings.HasPrefix(name, "/") {
		directory = name
	}
	switch {
	case strings.HasPrefix(scheme, "postgres") && strings.HasPrefix(directory, "/"):
		port := query.Get("port")
		if port == "" {
			port = defaultPorts["postgres"]
		}
		return directory + "/.s.PGSQL." + port
	case scheme == "unix", strings.HasSuffix(scheme, "+unix"), strings.HasSuffix(scheme, "+socket"):
		return u.Path
	}
	return ""
}

// hostPort gives a host its port.
func hostPort(key, host, standard string) (string, error) {
	name, port := host, standard
	if i := strings.LastIndexByte(host, ':'); i >= 0 && !strings.HasSuffix(host, "]") {
		name, port = host[:i], host[i+1:]
	}
	name = strings.Trim(name, "[]")
	if name == "" {
		return "", errorf("%s has no host: it should be like scheme://host:port", key)
	}
	if n, err := net.LookupPort("tcp", port); port != "" && (err != nil || n == 0) {
		return "", errorf("%s has a port that is none: it should be like scheme://host:port", key)
	}
	return net.JoinHostPort(name, port), nil
}

// isLocal says whether a service runs on this machine or in a private network: those
// that are started along with the app. A name without a dot is one of those.
func (s service) isLocal() bool {
	return !slices.ContainsFunc(s.addresses, func(a address) bool {
		host, _, _ := net.SplitHostPort(a.at)
		if a.network == "unix" || !strings.Contains(host, ".") && !strings.Contains(host, ":") {
			return false
		}
		ip, err := netip.ParseAddr(host)
		return err != nil || !ip.IsLoopback() && !ip.IsPrivate() && !ip.IsLinkLocalUnicast()
	})
}

// isOwn says whether a service is one of the formation's own ports: nobody can wait
// for what is started afterwards.
func (s service) isOwn(ports []int) bool {
	return slices.ContainsFunc(s.addresses, func(a address) bool {
		host, port, _ := net.SplitHostPort(a.at)
		n, err := net.LookupPort("tcp", port)
		ip, _ := netip.ParseAddr(host)
		return err == nil && a.network == "tcp" && (host == "localhost" || ip.IsLoopback()) && slices.Contains(ports, n)
	})
}
