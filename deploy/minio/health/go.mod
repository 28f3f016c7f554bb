module health

go 1.24
