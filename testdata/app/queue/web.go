package main

import (
	"context"
	"fmt"
	"html/template"
	"log"
	"net"
	"net/http"
	"os"
	"time"
)

// jobs is the queue. A channel is all it takes: it keeps the order, and tells
// when it is empty and when it is full.
var jobs = make(chan string, 100)

var page = template.Must(template.New("page").Parse(`<!doctype html>
<title>{{.Title}}</title>
<h1>{{.Title}}</h1>
<p>{{.Waiting}} waiting</p>
<form action="/jobs" method="post"><input name="job" required> <button>Add</button></form>
`))

// serve answers HTTP on port until ctx is cancelled.
func serve(ctx context.Context, port string) error {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", showPage)
	mux.HandleFunc("POST /jobs", postJob)
	mux.HandleFunc("GET /jobs/next", nextJob)

	listener, err := net.Listen("tcp", net.JoinHostPort("", port))
	if err != nil {
		return err
	}
	log.Printf("listening on http://localhost:%s", port)

	server := &http.Server{
		Handler: logged(mux),
		// A request that waits for a job ends when the server is to stop.
		BaseContext: func(net.Listener) context.Context { return ctx },
	}
	go server.Serve(listener)
	<-ctx.Done()
	log.Print("stopping")
	return server.Shutdown(context.WithoutCancel(ctx))
}

func showPage(w http.ResponseWriter, r *http.Request) {
	page.Execute(w, map[string]any{"Title": os.Getenv("QUEUE_TITLE"), "Waiting": len(jobs)})
}

func postJob(w http.ResponseWriter, r *http.Request) {
	job := r.FormValue("job")
	if job == "" {
		http.Error(w, "which job? send job=...", http.StatusBadRequest)
		return
	}
	select {
	case jobs <- job:
		w.WriteHeader(http.StatusCreated)
		fmt.Fprintf(w, "queued: %s\n", job)
	default:
		http.Error(w, "the queue is full", http.StatusServiceUnavailable)
	}
}

// nextJob hands out the oldest job. It waits a while for one before it
// answers that there is none, so idle workers need not ask all the time.
func nextJob(w http.ResponseWriter, r *http.Request) {
	select {
	case job := <-jobs:
		fmt.Fprint(w, job)
	case <-time.After(5 * time.Second):
		w.WriteHeader(http.StatusNoContent)
	case <-r.Context().Done():
		w.WriteHeader(http.StatusServiceUnavailable)
	}
}

func logged(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		log.Printf("%s %s", r.Method, r.URL.Path)
		next.ServeHTTP(w, r)
	})
}
