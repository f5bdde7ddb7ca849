package control

import (
	"context"
	"encoding/json"

	"reeve/internal/http1"
)

// Origin is what a formation was made of, to be compared with what it would be made of now. It
// tells no values.
type Origin struct {
	Settings map[string]string `json:"settings"` // by the names of flags
	Salt     string            `json:"salt"`     // of the digests
	Env      []EnvOrigin       `json:"env"`      // of the instances that run
}

// EnvOrigin are the env files that some instances were started with.
type EnvOrigin struct {
	Instances []string          `json:"instances"`
	Text      string            `json:"text"` // the digest of all that they say
	Keys      map[string]string `json:"keys"` // and of the value of each variable
}

// origin answers with what the formation was made of.
func (s *Server) origin(x *http1.Exchange) { writeJSON(x, http1.OK, s.backend.Origin()) }

// Origin tells what the formation was made of.
func (c *Client) Origin(ctx context.Context) (o Origin, err error) {
	response, err := c.do(ctx, "GET", "origin", nil)
	if err != nil {
		return o, err
	}
	defer func() { _ = response.Close() }()
	return o, json.NewDecoder(response.Body).Decode(&o)
}
