# A PostgreSQL of its own in a folder: `sh -c THIS NAME FOLDER TOOLS`. Says "ready" once, begins it anew
# whenever it ends, and ends itself, with it and the folder, when its standard input does: that is when
# whoever began it is gone, however that came.
# shellcheck shell=sh
folder=$1
tools=$2
trap '' INT
"$tools/initdb" --pgdata="$folder/data" --username=hub --auth=trust --encoding=UTF8 --locale=C \
    --no-sync --no-instructions >"$folder/log" 2>&1 || { cat "$folder/log"; exit 1; }
exec 3<&0
(
    cat <&3 >/dev/null
    touch "$folder/stop"
    while [ -d "$folder/data" ]; do
        kill -QUIT "$(head -n 1 "$folder/data/postmaster.pid")"
        sleep 0.1
    done 2>/dev/null
) >/dev/null &
(
    until "$tools/pg_isready" --quiet --host="$folder"; do sleep 0.1; done
    echo ready
) &
until [ -e "$folder/stop" ]; do
    # The sockets are in the folder, and nothing listens to a network.
    "$tools/postgres" -D "$folder/data" -k "$folder" -c listen_addresses= -c max_connections=300 \
        >>"$folder/log" 2>&1 </dev/null 3<&-
    sleep 0.1
done
rm -rf "$folder"
