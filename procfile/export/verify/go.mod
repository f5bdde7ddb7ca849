// What verifies the exports is apart from what reeve itself needs.
module reeve/procfile/export/verify

go 1.26.0
