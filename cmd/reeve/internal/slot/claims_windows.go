package slot

// Open finds no claims: formations do not run on Windows.
func Open(use Use) *Claims { return &Claims{use: use} }

// Close ends nothing.
func (c *Claims) Close() {}

func (c *Claims) lock()   {}
func (c *Claims) unlock() {}

func (c *Claims) claim(Block) (by Obstacle, ok bool) { return by, true }

func (c *Claims) drop(Block) {}
