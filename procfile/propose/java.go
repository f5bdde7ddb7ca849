package propose

import "strings"

// java finds Spring Boot, Quarkus, Micronaut and plain applications, built with Maven or
// Gradle.
func java(d dir) []Proposal {
	if d.has("pom.xml") {
		return maven(d)
	}
	if file := d.first("build.gradle", "build.gradle.kts"); file != "" {
		return gradle(d, file)
	}
	return nil
}

// wrapper is the build tool that comes with an app, or the one of the machine.
func (d dir) wrapper(name, otherwise string) string {
	if d.has(name) {
		return d.script(name, "sh")
	}
	return otherwise
}

func maven(d dir) []Proposal {
	pom, mvn := d.read("pom.xml"), d.wrapper("mvnw", "mvn")
	switch {
	case strings.Contains(pom, "spring-boot-maven-plugin") || strings.Contains(pom, "org.springframework.boot"):
		return []Proposal{{"web", mvn + " spring-boot:run -Dspring-boot.run.arguments=--server.port=$PORT", "pom.xml names Spring Boot."}}
	case strings.Contains(pom, "quarkus-maven-plugin"):
		return []Proposal{{"web", mvn + " quarkus:dev -Dquarkus.http.port=$PORT", "pom.xml names Quarkus. This is for development."}}
	case strings.Contains(pom, "micronaut-maven-plugin"):
		return []Proposal{{"web", "MICRONAUT_SERVER_PORT=$PORT " + mvn + " mn:run", "pom.xml names Micronaut."}}
	case strings.Contains(pom, "exec-maven-plugin"):
		return []Proposal{{"web", mvn + " compile exec:java", "pom.xml names exec-maven-plugin. " + ownPort}}
	}
	return nil
}

func gradle(d dir, file string) []Proposal {
	build, gradlew := d.read(file)+d.read("gradle/libs.versions.toml"), d.wrapper("gradlew", "gradle")
	switch {
	case strings.Contains(build, "org.springframework.boot"):
		return []Proposal{{"web", gradlew + " bootRun --args=--server.port=$PORT", file + " names Spring Boot."}}
	case strings.Contains(build, "io.quarkus"):
		return []Proposal{{"web", gradlew + " quarkusDev -Dquarkus.http.port=$PORT", file + " names Quarkus. This is for development."}}
	case strings.Contains(build, "io.micronaut"):
		return []Proposal{{"web", "MICRONAUT_SERVER_PORT=$PORT " + gradlew + " run", file + " names Micronaut."}}
	case strings.Contains(build, "application"):
		return []Proposal{{"web", gradlew + " run", file + " has an application. " + ownPort}}
	}
	return nil
}
