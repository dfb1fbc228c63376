module clientbook.example/embed

go 1.19
