#!/bin/sh
# Makes the certificates beside this file with OpenSSL: right and wrong ones for localhost, all with one key.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT
cat > "$work/ca.cnf" <<CONF
[ca]
default_ca = ours
[ours]
database = $work/index.txt
serial = $work/serial
new_certs_dir = $work
default_md = sha256
policy = any
unique_subject = no
copy_extensions = copy
[any]
commonName = supplied
CONF
: > "$work/index.txt"
echo 1000 > "$work/serial"
openssl ecparam -name prime256v1 -genkey -noout -out "$work/root.key"
openssl ecparam -name prime256v1 -genkey -noout -out "$work/middle.key"
openssl ecparam -name prime256v1 -genkey -noout | openssl pkcs8 -topk8 -nocrypt -out server.key

# request NAME KEY SUBJECT EXTENSION…
request() {
    name=$1 key=$2 subject=$3
    shift 3
    for extension in "$@"; do
        shift
        set -- "$@" -addext "$extension"
    done
    openssl req -new -utf8 -key "$key" -subj "/CN=$subject" "$@" -out "$work/$name.csr" 2>/dev/null
}

# sign NAME FROM UNTIL ISSUER
sign() {
    openssl ca -batch -notext -config "$work/ca.cnf" -in "$work/$1.csr" -startdate "$2" -enddate "$3" \
        -cert "$4.pem" -keyfile "$work/$4.key" -out "$1.pem" 2>/dev/null
}

# self_sign NAME KEY
self_sign() {
    openssl ca -batch -notext -config "$work/ca.cnf" -in "$work/$1.csr" -startdate 20260101000000Z \
        -enddate 21260101000000Z -selfsign -keyfile "$2" -out "$1.pem" 2>/dev/null
}

ours="subjectAltName=DNS:localhost"
authority="basicConstraints=critical,CA:TRUE"
leaf="basicConstraints=CA:FALSE"
request root "$work/root.key" "Acme Test Root" "$authority"
self_sign root "$work/root.key"
request middle "$work/middle.key" "Acme Test Intermediate" "$authority"
sign middle 20260101000000Z 21260101000000Z root

request good server.key good "$ours" "$leaf"
sign good 20260101000000Z 21260101000000Z root
request expired server.key expired "$ours" "$leaf"
sign expired 20250101000000Z 20251231235959Z root
request future server.key future "$ours" "$leaf"
sign future 21250101000000Z 21260101000000Z root
request other-name server.key other "subjectAltName=DNS:acme.test,DNS:www.acme.test" "$leaf"
sign other-name 20260101000000Z 21260101000000Z root
request nameless server.key localhost "$leaf"
sign nameless 20260101000000Z 21260101000000Z root
request purpose server.key purpose "$ours" "$leaf" "extendedKeyUsage=clientAuth"
sign purpose 20260101000000Z 21260101000000Z root
request below server.key below "$ours" "$leaf"
sign below 20260101000000Z 21260101000000Z middle
request own server.key own "$ours" "$leaf"
self_sign own server.key
request own-authority server.key own-authority "$ours" "$authority"
self_sign own-authority server.key
request authority server.key authority "$ours" "$authority"
sign authority 20260101000000Z 21260101000000Z root

openssl ecparam -name prime256v1 -genkey -noout -out "$work/elsewhere-root.key"
request elsewhere-root "$work/elsewhere-root.key" "Nobody’s Root" "$authority"
self_sign elsewhere-root "$work/elsewhere-root.key"
request elsewhere server.key elsewhere "$ours" "$leaf"
sign elsewhere 20260101000000Z 21260101000000Z elsewhere-root
