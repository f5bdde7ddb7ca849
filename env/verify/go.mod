// What reads env files beside reeve is apart from what reeve itself needs.
module reeve/env/verify

go 1.26.0

require (
	github.com/compose-spec/compose-go/v2 v2.16.2
	github.com/joho/godotenv v1.5.1
	github.com/sirupsen/logrus v1.10.1
	reeve v0.0.0
)

require (
	go.yaml.in/yaml/v3 v3.0.6 // indirect
	golang.org/x/sys v0.50.0 // indirect
)

replace reeve => ../..
