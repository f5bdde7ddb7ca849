package service

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"os"
	"syscall"
)

// The errors of Go's net packages quote addresses and what a peer has sent. The addresses
// that reeve connects to are made of the values of variables, which no message may show.
// So none of these errors is passed on: each cause that is known has words of its own.

var (
	ErrNoAnswer  = errors.New("it does not answer")
	ErrURL       = errors.New("not a valid URL once its variables are filled in")
	errNoConnect = errors.New("cannot connect to it")
)

// causes are those that the standard library has values for.
var causes = []struct {
	err  error
	text string
}{
	{io.EOF, "it closes the connection"},
	{io.ErrUnexpectedEOF, "it closes the connection"},
	{os.ErrDeadlineExceeded, "it does not answer"},
}

// Reason gives the cause of a network error without anything that it quotes.
func Reason(err error) error {
	var call *os.SyscallError
	var errno syscall.Errno
	var dns *net.DNSError
	var address *net.AddrError
	switch {
	case errors.As(err, &call):
		return call.Err
	case errors.As(err, &errno):
		return errno
	case errors.As(err, &dns):
		return dnsReason(dns)
	case errors.As(err, &address):
		return errors.New(address.Err)
	case isTimeout(err):
		return ErrNoAnswer
	}
	if text := tlsReason(err); text != "" {
		return errors.New(text)
	}
	for _, cause := range causes {
		if errors.Is(err, cause.err) {
			return errors.New(cause.text)
		}
	}
	return errNoConnect
}

// dnsReason says why a name has no address, or a port no number.
func dnsReason(err *net.DNSError) error {
	switch {
	case err.IsTimeout:
		return errors.New("its name could not be looked up in time")
	case err.Err == "unknown port", err.Err == "invalid port":
		return errors.New(err.Err)
	case err.IsNotFound:
		return errors.New("no such host")
	}
	return errors.New("its name could not be looked up")
}

func isTimeout(err error) bool {
	var timeout net.Error
	return errors.As(err, &timeout) && timeout.Timeout()
}

// tlsReason says why there is no encrypted connection, or nothing if that is not the cause.
func tlsReason(err error) string {
	var authority x509.UnknownAuthorityError
	var host x509.HostnameError
	var invalid x509.CertificateInvalidError
	var record tls.RecordHeaderError
	var alert tls.AlertError
	var any *tls.CertificateVerificationError
	switch {
	case errors.As(err, &authority):
		return "its certificate is signed by an unknown authority"
	case errors.As(err, &host):
		return "its certificate is for another host"
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return "its certificate has expired or is not valid yet"
	case errors.As(err, &invalid), errors.As(err, &any):
		return "its certificate is not valid"
	case errors.As(err, &record) && string(record.RecordHeader[:]) == "HTTP/":
		return "it speaks HTTP, not HTTPS"
	case errors.As(err, &record):
		return "it does not speak TLS"
	case errors.As(err, &alert):
		return "it refuses TLS"
	}
	return ""
}
