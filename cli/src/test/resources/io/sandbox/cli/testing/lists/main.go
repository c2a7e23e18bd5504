package main

import (
	"io"
	"net"
	"net/http"
	"sync"
)

func main() {
	l, _ := net.Listen("tcp", "127.0.0.1:0")
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { w.Write(make([]byte, 1000000)) })
	go http.Serve(l, nil)
	var wg sync.WaitGroup
	for i := 0; i < 20; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for j := 0; j < 20; j++ {
				r, err := http.Get("http://" + l.Addr().String())
				if err != nil {
					panic(err)
				}
				io.ReadAll(r.Body)
				r.Body.Close()
			}
		}()
	}
	wg.Wait()
}
