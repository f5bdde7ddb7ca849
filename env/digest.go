package env

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
)

// Digest tells one state of env files from another, and names what differs, without telling
// any value.
type Digest struct {
	Text string            // of all that the files say
	Keys map[string]string // of the value that they give to each key
}

// Digest makes the digest of the env files, as they have been read. Those that are compared
// need the same salt.
func (e *Env) Digest(salt string) Digest {
	sum := func(parts ...[]byte) string {
		h := hmac.New(sha256.New, []byte(salt))
		for _, p := range parts {
			_ = binary.Write(h, binary.BigEndian, uint64(len(p)))
			_, _ = h.Write(p)
		}
		return hex.EncodeToString(h.Sum(nil)[:16])
	}
	var texts [][]byte
	for _, t := range e.texts {
		texts = append(texts, t.src)
	}
	d := Digest{Text: sum(texts...), Keys: map[string]string{}}
	for _, l := range e.layers {
		if !l.file {
			continue
		}
		for key, v := range l.vars {
			if _, stronger := d.Keys[key]; !stronger {
				d.Keys[key] = sum([]byte(v.Value))
			}
		}
	}
	return d
}

// Differing names the keys that two states of env files differ in. What is not the files' own
// text is no difference: the same files may refer to another environment.
func (d Digest) Differing(other Digest) (keys []string) {
	if d.Text == other.Text {
		return nil
	}
	for key, sum := range d.Keys {
		if other.Keys[key] != sum {
			keys = append(keys, key)
		}
	}
	for key := range other.Keys {
		if _, both := d.Keys[key]; !both {
			keys = append(keys, key)
		}
	}
	return keys
}
