package main

import (
	"errors"
	"fmt"
	"os"
)

const order = "customer_order_management"

func need(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func main() {
	book, err := InMemory("gdpr")
	need(err)
	defer book.Close()
	session, err := book.Session(7, 7)
	need(err)

	ken, err := session.Put(map[string]any{"name": map[string]string{"given": "Ken", "family": "Sánchez"}}, order)
	need(err)
	view, err := session.Read(ken, order)
	need(err)
	given, _ := view.Member(1, 1)
	fmt.Printf("%s, state %d\n", given, view.State(1))

	news, err := session.Read(ken, "email_marketing")
	need(err)
	_, shown := news.Member(1, 1)
	fmt.Printf("for a newsletter: shown %t, state %d\n", shown, news.State(1))

	var wrong *Error
	if _, err = session.Put(map[string]any{"emails": []any{map[string]string{"adress": "x"}}}, order); errors.As(err, &wrong) {
		fmt.Printf("%s at %s\n", wrong, wrong.Where)
	}
	if _, err = session.Read(ken, "no such"); errors.As(err, &wrong) {
		fmt.Println(wrong.Code)
	}
}
