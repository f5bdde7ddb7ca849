package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/url"
	"os"
	"time"
)

// work does one job after another, each in workTime, until ctx is cancelled.
// A job that was begun is finished first.
func work(ctx context.Context, name, workTime string) error {
	pause, err := time.ParseDuration(workTime)
	if err != nil {
		return fmt.Errorf("WORK_TIME: %w", err)
	}
	for {
		job, err := ask(ctx, "GET", "/jobs/next")
		if err != nil {
			log.Printf("%s stopped", name)
			return err
		}
		if job == "" {
			continue
		}
		time.Sleep(pause)
		log.Printf("%s did: %s", name, job)
	}
}

func addJob(ctx context.Context, job string) error {
	_, err := ask(ctx, "POST", "/jobs?job="+url.QueryEscape(job))
	return err
}

// ask sends a request to web, which listens where REEVE_PORT_WEB says. All
// processes start at once, so web may not be there yet: ask tries again, less
// and less often, until it has an answer or ctx is cancelled.
func ask(ctx context.Context, method, path string) (string, error) {
	address := "http://localhost:" + os.Getenv("REEVE_PORT_WEB") + path
	for pause := 50 * time.Millisecond; ; pause = min(2*pause, 2*time.Second) {
		answer, err := send(ctx, method, address)
		if err == nil || ctx.Err() != nil {
			return answer, err
		}
		log.Printf("asking again in %v: %v", pause, err)
		select {
		case <-time.After(pause):
		case <-ctx.Done():
		}
	}
}

func send(ctx context.Context, method, address string) (string, error) {
	request, err := http.NewRequestWithContext(ctx, method, address, nil)
	if err != nil {
		return "", err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode >= 300 {
		err = fmt.Errorf("%s %s: %s", method, address, response.Status)
	}
	return string(body), err
}
