package live

import (
	"cmp"
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"

	"reeve/env/service"
	"reeve/internal/http1"
)

// tryHTTP asks for a page. It follows no redirect: a 3xx says that the server answers.
func tryHTTP(ctx context.Context, address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || defaultPorts[u.Scheme] == "" {
		return service.ErrURL
	}
	conn, err := dialURL(ctx, u)
	if err != nil {
		return service.Reason(err)
	}
	header := http1.Header{"Accept": {"*/*"}, "Connection": {"close"}}
	if password, _ := u.User.Password(); u.User != nil {
		header.Set("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(u.User.Username()+":"+password)))
	}
	response, err := http1.Ask(ctx, conn, &http1.Request{Method: "GET", URL: u, Header: header})
	switch {
	case errors.Is(err, http1.ErrMalformed):
		return errors.New("it does not speak HTTP")
	case err != nil:
		return service.Reason(err)
	}
	_ = response.Close()
	if response.Status < 200 || response.Status >= 400 {
		// Its own text for that may be anything.
		return errors.New(strings.TrimSpace(fmt.Sprintf("it answers %d %s", response.Status, http1.StatusText(response.Status))))
	}
	return nil
}

// defaultPorts are those of the schemes that a probe may have.
var defaultPorts = map[string]string{"http": "80", "https": "443"}

// dialURL connects to the server of a URL.
func dialURL(ctx context.Context, u *url.URL) (net.Conn, error) {
	at := net.JoinHostPort(u.Hostname(), cmp.Or(u.Port(), defaultPorts[u.Scheme]))
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", at)
	if err != nil || u.Scheme == "http" {
		return conn, err
	}
	secure := tls.Client(conn, &tls.Config{ServerName: u.Hostname()})
	if err := secure.HandshakeContext(ctx); err != nil {
		_ = conn.Close()
		return nil, err
	}
	return secure, nil
}
