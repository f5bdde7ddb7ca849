package control

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"

	"reeve/internal/asjson"
	"reeve/internal/http1"
)

// formationQuery are the parameters of /v1/formation.
type formationQuery struct {
	detail Detail // usage=false: without what the processes use
	follow bool   // follow=true: again whenever it has changed, without that, which always does
}

func parseFormationQuery(v url.Values) (q formationQuery, err error) {
	usage := true
	known := map[string]func(string) error{"usage": boolInto(&usage), "follow": boolInto(&q.follow)}
	for key := range v {
		set, ok := known[key]
		if !ok {
			return q, fmt.Errorf("there is no parameter %q", key)
		}
		if err := set(v.Get(key)); err != nil {
			return q, invalid(key, v.Get(key), err)
		}
	}
	if !usage {
		q.detail = Outline
	}
	return q, nil
}

// formation answers with all of the formation, perhaps again and again, a line each.
func (s *Server) formation(x *http1.Exchange) {
	q, err := parseFormationQuery(x.URL.Query())
	switch {
	case err != nil:
		writeError(x, Error{Status: http1.BadRequest, Text: err.Error()})
	case !q.follow:
		writeJSON(x, http1.OK, s.backend.Formation(q.detail))
	default:
		x.Set("Content-Type", "application/jsonl")
		_ = s.backend.Follow(x.Context(), func(f Formation) error {
			_, err := x.Write(append(asjson.Append(nil, f), '\n'))
			return err
		})
	}
}

// Follow tells what runs, at once and whenever that has changed, until the formation or ctx ends.
func (c *Client) Follow(ctx context.Context, tell func(Formation)) error {
	response, err := c.do(ctx, "GET", "formation?follow=true", nil)
	if err != nil {
		return err
	}
	defer func() { _ = response.Close() }()
	for lines := json.NewDecoder(response.Body); ; {
		var f Formation
		if err := lines.Decode(&f); err != nil {
			return errors.Join(ctx.Err(), lost(err))
		}
		tell(f)
	}
}
