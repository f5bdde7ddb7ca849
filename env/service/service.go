// Package service knows the services that URLs in an app's environment name (IV of the twelve
// factors), and waits for them.
//
// A URL may contain a password. So no value and no part of one is kept or shown, except an
// address that can be told from a password, and network errors, which quote their subject,
// are reworded (see [Reason]).
package service

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"

	"reeve/internal/pattern"
)

// Service is a backing service (IV of the twelve factors) that the URL in a variable
// names. It never holds the URL itself: that has a password in it.
type Service struct {
	key       string
	addresses []address // clients take the first that accepts connections
	showable  bool      // its addresses can be told from a password
}

// shown names a service: the variable, and where it points. In redis://word, what looks
// like a host may be a password whose host is missing.
func (s Service) shown() string {
	if !s.showable {
		return s.key
	}
	var at []string
	for _, a := range s.addresses {
		at = append(at, a.at)
	}
	return s.key + " (" + strings.Join(at, ", ") + ")"
}

// address is where a service accepts connections.
type address struct{ network, at string } // as net.Dial has them

// defaultPorts are those that clients use where a URL has none.
var defaultPorts = sync.OnceValue(func() map[string]string {
	return map[string]string{
		"amqp": "5672", "amqps": "5671", "bolt": "7687", "cassandra": "9042", "clickhouse": "9000",
		"cockroachdb": "26257", "couchdb": "5984", "elasticsearch": "9200", "etcd": "2379", "ftp": "21",
		"http": "80", "https": "443", "influxdb": "8086", "kafka": "9092", "ldap": "389", "ldaps": "636",
		"mariadb": "3306", "memcache": "11211", "memcached": "11211", "mongodb": "27017", "mqtt": "1883",
		"mqtts": "8883", "mssql": "1433", "mysql": "3306", "mysql2": "3306", "nats": "4222", "neo4j": "7687",
		"opensearch": "9200", "oracle": "1521", "pgsql": "5432", "postgis": "5432", "postgres": "5432",
		"postgresql": "5432", "redis": "6379", "rediss": "6379", "smtp": "25", "smtps": "465",
		"sqlserver": "1433", "ssh": "22", "stomp": "61613", "trilogy": "3306", "valkey": "6379",
		"valkeys": "6379", "ws": "80", "wss": "443",
	}
})

// serviceURL is what reeve reads of a URL. net/url reads neither several hosts nor the
// passwords that people write.
type serviceURL struct {
	scheme string // lower case
	hosts  string // without user and password
	path   string
	query  url.Values
}

// Parse reads the URL of a variable. No error quotes a piece of it that may
// belong to a password.
func Parse(key, value string) (Service, error) {
	s := Service{key: key}
	u, err := splitURL(value)
	if err == nil {
		s.addresses, err = u.addresses()
		s.showable = strings.Contains(value, "@") || strings.Contains(u.hosts, ":") ||
			err == nil && s.addresses[0].network == "unix"
	}
	if err != nil {
		err = fmt.Errorf("%s %w", key, err)
	}
	return s, err
}

var (
	errNotURL  = errors.New("is not a URL: write scheme://host:port")
	errNoHost  = errors.New("has no host: write scheme://host:port")
	errBadHost = errors.New("has an invalid host: write scheme://host:port, with an IPv6 address in brackets")
	errBadPort = errors.New("has an invalid port: write scheme://host:port")
	errLateAt  = errors.New("has an @ after its host: in a user name or password write %40 for @, %2F for /, %3F for ?, %23 for #")
	errBadRest = errors.New("is not a URL: its path or query is invalid")
	errSRV     = errors.New("finds its hosts through DNS (+srv): reeve cannot wait for those")
	errNoPath  = errors.New("has no path to a socket: write unix:///path/to/socket")
)

var isScheme = pattern.New(`^[A-Za-z][A-Za-z0-9+.-]*$`)

// splitURL takes a URL apart.
func splitURL(value string) (u serviceURL, err error) {
	value, isJDBC := strings.CutPrefix(value, "jdbc:")
	scheme, rest, ok := strings.Cut(value, "://")
	if !ok || !isScheme.Get().MatchString(scheme) {
		return u, errNotURL
	}
	if isJDBC { // SQL Server has parameters there, the password among them
		rest, _, _ = strings.Cut(rest, ";")
	}
	u.scheme = strings.ToLower(scheme)
	end := strings.IndexAny(rest, "/?#")
	if end < 0 {
		end = len(rest)
	}
	u.hosts, rest = rest[:end], rest[end:]
	u.hosts = u.hosts[strings.LastIndexByte(u.hosts, '@')+1:]
	if u.hasLateAt(rest) {
		return u, errLateAt
	}
	parsed, err := url.Parse("x://" + rest)
	if err != nil {
		return u, errBadRest
	}
	u.path, u.query = parsed.Path, parsed.Query()
	return u, nil
}

// hasLateAt reports whether what comes after the hosts looks as if the hosts were a name
// and the beginning of a password. The paths of web addresses do have an @ sometimes.
func (u serviceURL) hasLateAt(rest string) bool {
	early, _, found := strings.Cut(rest, "@")
	if !found || strings.Contains(early, "?") && strings.Contains(early, "=") {
		return false
	}
	isWeb := slices.Contains([]string{"http", "https", "ws", "wss"}, u.scheme)
	return !isWeb || strings.Contains(u.hosts, ":") && !strings.HasSuffix(early, "/")
}

// addresses finds where the service is.
func (u serviceURL) addresses() ([]address, error) {
	if socket, ok := u.socket(); ok {
		if socket == "" {
			return nil, errNoPath
		}
		return []address{{"unix", socket}}, nil
	}
	if strings.HasSuffix(u.scheme, "+srv") {
		return nil, errSRV
	}
	var all []address
	ports := strings.Split(u.query.Get("port"), ",")
	for i, host := range strings.Split(u.hostList(), ",") {
		name, port, err := splitHost(host)
		if u.isPostgres() && port == "" {
			port = ports[min(i, len(ports)-1)]
		}
		if err != nil {
			return nil, err
		}
		a, err := u.address(name, port)
		if err != nil {
			return nil, err
		}
		all = append(all, a)
	}
	return all, nil
}

func (u serviceURL) isPostgres() bool { return defaultPorts()[u.base()] == defaultPorts()["postgres"] }

// base is the scheme without the driver, as in postgresql+psycopg.
func (u serviceURL) base() string {
	base, _, _ := strings.Cut(u.scheme, "+")
	return base
}

// hostList is the list of hosts: for PostgreSQL also in a parameter (libpq, section
// 34.1.1.2).
func (u serviceURL) hostList() string {
	if hosts := u.query.Get("host"); hosts != "" && u.isPostgres() {
		return hosts
	}
	return u.hosts
}

// socket gives the path of the Unix socket that a URL names, in the ways that the
// clients of the usual services have for that, apart from hosts that are paths.
func (u serviceURL) socket() (path string, ok bool) {
	for _, parameter := range []string{"socket", "unix_socket"} {
		if path := u.query.Get(parameter); strings.HasPrefix(path, "/") {
			return path, true
		}
	}
	if u.scheme == "unix" || strings.HasSuffix(u.scheme, "+socket") || strings.HasSuffix(u.scheme, "-socket") ||
		strings.HasSuffix(u.scheme, "+unix") && u.hosts == "" {
		return u.path, true
	}
	return "", false
}

// splitHost takes the port from a host.
func splitHost(host string) (name, port string, err error) {
	if inside, ok := strings.CutPrefix(host, "["); ok {
		name, port, ok = strings.Cut(inside, "]")
		name, _ = url.PathUnescape(name)
		ip, err := netip.ParseAddr(name)
		if !ok || err != nil || !ip.Is6() || port != "" && port[0] != ':' {
			return "", "", errBadHost
		}
		return name, strings.TrimPrefix(port, ":"), nil
	}
	name, port, _ = strings.Cut(host, ":")
	if name, err = url.PathUnescape(name); err != nil || strings.Contains(port, ":") {
		return "", "", errBadHost
	}
	return name, port, nil
}

// address is that of one of the hosts.
func (u serviceURL) address(name, port string) (address, error) {
	standard, known := defaultPorts()[u.base()]
	if port == "" {
		port = standard
	}
	n, err := strconv.ParseUint(port, 10, 16)
	isPath := strings.HasPrefix(name, "/")
	switch {
	case name == "":
		return address{}, errNoHost
	case isPath && !u.isPostgres():
		return address{"unix", name}, nil
	case port == "" && !known:
		return address{}, fmt.Errorf("has the scheme %s, whose port reeve does not know: write scheme://host:port", u.scheme)
	case err != nil || n == 0:
		return address{}, errBadPort
	case isPath:
		return address{"unix", name + "/.s.PGSQL." + port}, nil
	case !isHost(name):
		return address{}, errBadHost
	}
	return address{"tcp", net.JoinHostPort(name, port)}, nil
}

// isHost reports whether a text can be the name or the IP address of a host.
func isHost(name string) bool {
	if _, err := netip.ParseAddr(name); err == nil {
		return true
	}
	return !strings.ContainsFunc(name, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("-._", r)
	})
}

// privateNames are the ends of names that are not on the Internet (RFC 6761, RFC 6762,
// and ICANN's .internal).
var privateNames = pattern.New(`(?i)\.(localhost|local|internal)\.?$`)

// IsLocal reports whether a service runs on this machine or in a private network: those
// that are started along with the app. A name without a dot is one of those.
func (s Service) IsLocal() bool {
	return !slices.ContainsFunc(s.addresses, func(a address) bool {
		host, _, _ := net.SplitHostPort(a.at)
		if a.network == "unix" || !strings.ContainsAny(host, ".:") || privateNames.Get().MatchString(host) {
			return false
		}
		ip, err := netip.ParseAddr(host)
		return err != nil || !ip.IsLoopback() && !ip.IsPrivate() && !ip.IsLinkLocalUnicast()
	})
}

// IsOwn reports whether a service is one of the formation's own ports: nobody can wait
// for what is started afterwards.
func (s Service) IsOwn(ports []int) bool {
	return slices.ContainsFunc(s.addresses, func(a address) bool {
		host, port, _ := net.SplitHostPort(a.at)
		n, err := net.LookupPort("tcp", port)
		ip, _ := netip.ParseAddr(host)
		return err == nil && a.network == "tcp" && (host == "localhost" || ip.IsLoopback()) && slices.Contains(ports, n)
	})
}
