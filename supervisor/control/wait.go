package control

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"regexp"

	"reeve/internal/asjson"
	"reeve/internal/http1"
)

// WaitQuery says what is waited for. Its fields are the parameters of /v1/wait.
type WaitQuery struct {
	Names []string       // name=…, any number; none: all instances
	Line  *regexp.Regexp // log=…: a line since the last start, of any of all; nil: readiness
}

// Waited is what there is to say of something that is waited for: of an instance, of a name
// that means none so far or, without a name and at the end, of all of it.
type Waited struct {
	Name  string `json:"name,omitempty"`
	State string `json:"state"`
	Text  string `json:"text,omitempty"` // for people, to stand after the name
	Line  string `json:"line,omitempty"` // that has been written, without escape codes
	Runs  int    `json:"runs,omitempty"` // of the instance, so far
}

// The states of what is waited for.
const (
	Waiting = "waiting" // it has not come about yet
	Absent  = "absent"  // nor is there anything yet that it could come about in
	Met     = "met"     // it has
	Failed  = "failed"  // it cannot any more
	Gone    = "gone"    // it is not waited for any longer: there are instances now, or one less
)

// TheFormation is the name of what is absent before the formation has started.
const TheFormation = "the formation"

// values are the parameters of a query.
func (q WaitQuery) values() url.Values {
	v := url.Values{"name": q.Names}
	if q.Line != nil {
		v.Set("log", q.Line.String())
	}
	return v
}

// parseWaitQuery reads the parameters of a query.
func parseWaitQuery(v url.Values) (q WaitQuery, err error) {
	for key := range v {
		switch key {
		case "name":
			q.Names = v[key]
		case "log":
			if q.Line, err = regexp.Compile(v.Get(key)); err != nil {
				return q, invalid(key, v.Get(key), err)
			}
		default:
			return q, fmt.Errorf("there is no parameter %q", key)
		}
	}
	return q, nil
}

// wait answers with what there is to say of whatever is waited for, a line each.
func (s *Server) wait(x *http1.Exchange) {
	q, err := parseWaitQuery(x.URL.Query())
	if err != nil {
		writeError(x, Error{Status: http1.BadRequest, Text: err.Error()})
		return
	}
	begun := false
	err = s.backend.Wait(x.Context(), q, func(w Waited) error {
		if !begun {
			x.Set("Content-Type", "application/jsonl")
		}
		begun = true
		_, err := x.Write(append(asjson.Append(nil, w), '\n'))
		return err
	})
	if err != nil && !begun {
		writeError(x, err)
	}
}

// Wait waits until what is named is ready, or has written a line, and tells whatever there is
// to say of that meanwhile. The error says why it cannot be any more.
func (c *Client) Wait(ctx context.Context, q WaitQuery, tell func(Waited)) error {
	response, err := c.do(ctx, "GET", "wait?"+q.values().Encode(), nil)
	if err != nil {
		return err
	}
	defer func() { _ = response.Close() }()
	for lines := json.NewDecoder(response.Body); ; {
		var w Waited
		switch err := lines.Decode(&w); {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil:
			return lost(err)
		case w.Name != "":
			tell(w)
		case w.State == Met:
			return nil
		default:
			return errors.New(w.Text)
		}
	}
}
