/** What `--help` prints. */
export const helpText = `
A Redis cache that no outage can hang or make lie, and a dashboard to watch it.

Usage
  $ redis-cache-tui                      dashboard on a private Redis, workload on
  $ redis-cache-tui --url redis://…      dashboard on your Redis, workload off, nothing written
                                         until you say so
  $ redis-cache-tui drill                list the drills, with --json as JSON
  $ redis-cache-tui drill <name|file>    run a drill; exit code 0 only if all expectations held
  $ redis-cache-tui drill all            run every drill that comes with the program
  $ redis-cache-tui --once --json        one snapshot of a Redis, for scripts

Without a terminal the dashboard is replaced by the default drill and its report.

Options
  --url <url>         Redis to work on; without it $REDIS_URL, else one of our own:
                      redis:// rediss:// unix:// redis+sentinel:// redis+cluster://
  --embedded          use the built-in server, even if redis-server is installed; ignores $REDIS_URL
  --read-only         refuse everything that writes to Redis
  --namespace <name>  namespace of the cache (default: default)
  --rate <n>          calls a second of the workload, 1 to 100000
  --keys <n>          keys of the workload, 1 to 1000000
  --theme <name>      default, light, colour-blind or mono; NO_COLOR is respected
  --glyphs <set>      unicode or ascii (default: by the locale)
  --fps <n>           snapshots a second on screen, 1 to 30 (default: 4)
  --report <format>   of a drill: text, json or junit
  --json              the same as --report json; with --once, the snapshot as JSON
  --once              print one snapshot and exit
  --print-config      print the settings in force and where they come from
  --version           print the version
  --help              print this

Exit codes
  0 fine   1 a drill failed   2 wrong usage   3 cannot reach Redis   130, 143 ended by a signal
`;
