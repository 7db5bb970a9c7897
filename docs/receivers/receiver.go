// A receiver of webhooks in Go, with the standard library alone. Take the function of your dialect.
//
//	DIALECT=vem SECRET=… PORT=3000 go run receiver.go
//
// VELLUM_URL: of the dialect vellum, the URL exactly as it was registered.
package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"
)

func sum(key []byte, parts ...[]byte) []byte {
	mac := hmac.New(sha256.New, key)
	for _, part := range parts {
		mac.Write(part)
	}
	return mac.Sum(nil)
}

func hexSum(secret string, parts ...[]byte) string {
	return hex.EncodeToString(sum([]byte(secret), parts...))
}

// equal compares in constant time.
func equal(received, expected string) bool {
	return hmac.Equal([]byte(received), []byte(expected))
}

func isFresh(timestamp string, seconds float64) bool {
	at, err := strconv.ParseInt(timestamp, 10, 64)
	return err == nil && math.Abs(float64(time.Now().Unix()-at)) <= seconds
}

// Each is given the headers, the body as the bytes that came, and the secret as it was shown.

func standard(headers http.Header, body []byte, secret string) bool {
	id, timestamp := headers.Get("webhook-id"), headers.Get("webhook-timestamp")
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	if err != nil || !isFresh(timestamp, 300) {
		return false
	}
	expected := "v1," + base64.StdEncoding.EncodeToString(sum(key, []byte(id+"."+timestamp+"."), body))
	for _, one := range strings.Split(headers.Get("webhook-signature"), " ") {
		if equal(one, expected) {
			return true
		}
	}
	return false
}

func vem(headers http.Header, body []byte, secret string) bool {
	return equal(headers.Get("X-Webhook-Signature"), "sha256="+hexSum(secret, body))
}

func veriswarm(headers http.Header, body []byte, secret string) bool {
	timestamp := headers.Get("X-VeriSwarm-Timestamp")
	return isFresh(timestamp, 300) &&
		equal(headers.Get("X-VeriSwarm-Signature"), hexSum(secret, []byte(timestamp+"."), body))
}

func vellum(headers http.Header, body []byte, secret string) bool {
	timestamp := headers.Get("X-Vellum-Timestamp")
	before := timestamp + "\nPOST\n" + os.Getenv("VELLUM_URL") + "\n"
	return isFresh(timestamp, 60) &&
		equal(headers.Get("X-Vellum-Signature"), hexSum(secret, []byte(before), body))
}

func ventryx(headers http.Header, body []byte, secret string) bool {
	return equal(headers.Get("Ventryx-Signature"), "sha256="+hexSum(secret, body))
}

// setting is that of the environment, or the default.
func setting(name, fallback string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return fallback
}

func main() {
	dialect := setting("DIALECT", "standard")
	verify, isKnown := map[string]func(http.Header, []byte, string) bool{
		"standard": standard, "vem": vem, "veriswarm": veriswarm, "vellum": vellum, "ventryx": ventryx,
	}[dialect]
	if !isKnown {
		panic("no such dialect: " + dialect)
	}
	http.HandleFunc("/", func(response http.ResponseWriter, request *http.Request) {
		body, err := io.ReadAll(request.Body)
		if err != nil || !verify(request.Header, body, os.Getenv("SECRET")) {
			response.WriteHeader(http.StatusUnauthorized)
			return
		}
		response.WriteHeader(http.StatusNoContent)
	})
	listener, err := net.Listen("tcp", "127.0.0.1:"+setting("PORT", "3000"))
	if err != nil {
		panic(err)
	}
	fmt.Println("listening on", listener.Addr().(*net.TCPAddr).Port)
	panic(http.Serve(listener, nil))
}
