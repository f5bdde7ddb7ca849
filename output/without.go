package output

// WithoutNotices is a format without reeve's own messages: for a log in which nothing tells
// them from what processes write.
func WithoutNotices(f Format) Format { return withoutNotices{f} }

type withoutNotices struct{ Format }

func (withoutNotices) notice(out []byte, _ Notice) []byte { return out }
