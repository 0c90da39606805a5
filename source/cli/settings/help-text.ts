/** The output of `--help`. */
export const helpText = `
A dashboard for a Redis cache, and drills that show how it survives outages.

Usage
  $ redis-cache-tui                      dashboard on a private Redis, with traffic
  $ redis-cache-tui --url redis://...    dashboard on your Redis, without traffic; nothing is
                                         written before you ask for it
  $ redis-cache-tui tap --url redis://...
                                         dashboard on your application: let it connect to the tap
                                         at 127.0.0.1:6380 instead of to Redis (with a cluster as
                                         its only node, with redis+sentinel:// as its only Sentinel)
  $ redis-cache-tui attach               list the live processes whose cache can be watched:
                                         new RedisCache({inspect: true}), or
                                         REDIS_CACHE_TUI_INSPECT=1 in their environment
  $ redis-cache-tui attach <name|pid>    dashboard on one of them
  $ redis-cache-tui drill                list the drills; with --json as JSON
  $ redis-cache-tui drill <name|file>    run a drill; exit code 0 if all expectations are met
  $ redis-cache-tui drill all            run every drill that comes with the program
  $ redis-cache-tui keys --pattern 'user:*' --json
                                         print the matching keys, one per line:
                                         key, type, ttlMs, bytes
  $ redis-cache-tui --once --json        print one snapshot of a Redis, for scripts

Without a terminal, the default drill runs instead of the dashboard, and prints its report.
tap then prints a line a second and a report at the end, attach a line a second.

Options
  --url <url>         URL of a Redis (default: a private Redis is started; $REDIS_URL is not used):
                      redis:// rediss:// unix:// redis+sentinel:// redis+cluster://, or through an
                      SSH tunnel: ssh://user@host/redis://127.0.0.1:6379
  --connection <name> a connection of the configuration file, instead of --url
  --ca <file>         trusted certificates (PEM) for rediss://, instead of the system's
  --cert <file>       client certificate (PEM), for a server that requires one
  --key <file>        its private key (PEM)
  --insecure          do not check the server's certificate: another server could impersonate it
  --deadline <time>   time limit for a command of the cache, 1 ms to 60 s (default: 200ms)
  --embedded          start the built-in server, even if redis-server is installed
  --private <kind>    start a cluster (three masters with a replica each) or sentinel (a master, a
                      replica, three Sentinels) instead of a single Redis; needs redis-server
  --faketime          start the private Redis with libfaketime, for the fault "clock"; a drill with
                      that fault needs no flag
  --read-only         refuse every command that writes to Redis
  --namespace <name>  namespace of the cache (default: default)
  --rate <n>          calls per second of the workload, 1 to 100000 (default: 1000)
  --keys <n>          number of keys of the workload, 1 to 1000000 (default: 2000)
  --scan-rate <n>     limit for scans, in keys per second, 10 to 100000000 (default: 20000)
  --delimiter <text>  separator of the parts of key names in the tree (default: :)
  --pattern <glob>    with keys: print only keys that match (default: all)
  --subject <cache>   with drill: run it on your cache: a module whose open({url}) resolves with
                      {get, set, delete, getOrSet?, close}, or
                      http://host:port/path/{key} (GET, PUT, DELETE; 404 is a miss)
  --probe <url>       with drill, and with tap for drills from its dashboard: a page of your
                      application, requested ten times a second; can be given several times.
                      --probe-method HEAD, --probe-header 'name: value', --probe-status 200-299,404
                      and --probe-timeout 1s apply to all of them
  --listen <address>  with tap, drill: address for an application that connects to it instead of to
                      Redis (default with tap, --probe, and --subject http://: 127.0.0.1:6380)
  --for <duration>    with tap, attach: end after this time, such as 60s (default: Ctrl-C ends it)
  --output <file>     with tap: write the report to a file; .html and .json select its format
  --lines             with tap, attach: print a line a second, even in a terminal
  --hide-keys         with tap, drill: show hashes instead of key names
  --theme <name>      default, light, colour-blind or mono; NO_COLOR is respected
  --glyphs <set>      unicode or ascii (default: depends on the locale)
  --fps <n>           screen updates per second, 1 to 30 (default: 4)
  --report <format>   format of the report of drill or tap: text, json, html (a page with charts:
                      write it to a file), github (job summary and annotations of GitHub Actions);
                      for drill also junit
  --json              same as --report json; with --once, prints the snapshot as JSON;
                      with keys, prints a JSON object on each line; with tap, its report;
                      with attach, the list, or a snapshot on each line
  --once              print one snapshot and exit; with tap, once an application has sent something
  --print-config      print the settings and the origin of each
  --version           print the version
  --help              print this text

Exit codes
  0 success   1 a drill failed   2 wrong usage   3 cannot reach Redis
  74 cannot write standard output   129, 130, 143 ended by a signal
`;
