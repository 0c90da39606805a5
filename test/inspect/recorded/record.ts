/**
 * Records the replies of a server that the tests have no binary of:
 *
 *     npx tsx test/inspect/recorded/record.ts PORT > test/inspect/recorded/NAME.txt
 *
 * The server is emptied. A session is a heading, and then commands with the bytes of their replies as JSON text.
 */
import {RawConnection} from '../../support/raw-connection.js';

type Step = {
	readonly line: string;
	/** Sent on another connection: it stands for an application, and is not recorded. */
	readonly by?: 'application';
	readonly times?: number;
};

const steps = (...lines: readonly string[]): readonly Step[] => lines.map((line) => ({line}));
const application = (line: string, times = 1): Step => ({line, times, by: 'application'});

const traffic: readonly Step[] = [
	application('SET user:1 0123456789', 10),
	application('GET user:1', 40),
	application('LPUSH list a b c'),
	application('LRANGE list 0 -1', 20),
	application('GET user:2', 5),
];

const start = 'HOTKEYS START METRICS 2 CPU NET COUNT 50 DURATION 2';

const hotKeySessions: Readonly<Record<string, readonly Step[]>> = {
	'hot keys, none counted': steps('COMMAND INFO HOTKEYS', 'HOTKEYS GET', 'HOTKEYS STOP', 'HOTKEYS HELP'),
	'hot keys, a count': [
		...steps('COMMAND INFO HOTKEYS', 'HOTKEYS GET', start),
		...traffic,
		...steps('HOTKEYS GET', 'HOTKEYS STOP', 'HOTKEYS GET', 'HOTKEYS STOP', 'HOTKEYS RESET', 'HOTKEYS GET'),
	],
	'hot keys, counted by somebody else': [
		application('HOTKEYS START METRICS 2 CPU NET COUNT 10 SAMPLE 5'),
		...traffic,
		...traffic,
		...steps('COMMAND INFO HOTKEYS', 'HOTKEYS GET', start, 'HOTKEYS RESET'),
		application('HOTKEYS STOP'),
	],
	'hot keys, the results of somebody else': [
		...steps('COMMAND INFO HOTKEYS', 'HOTKEYS GET'),
		application('HOTKEYS RESET'),
	],
	'hot keys, by processor time alone': [
		application('HOTKEYS START METRICS 1 CPU'),
		...traffic,
		...steps('COMMAND INFO HOTKEYS', 'HOTKEYS GET'),
		application('HOTKEYS STOP'),
		application('HOTKEYS RESET'),
	],
	'hot keys, no right': [
		application('ACL SETUSER viewer on >secret ~* +@read +command|info'),
		...steps('AUTH viewer secret', 'COMMAND INFO HOTKEYS', 'HOTKEYS GET', start),
		application('ACL DELUSER viewer'),
	],
};

const fieldSessions: Readonly<Record<string, readonly Step[]>> = {
	'fields with TTLs': steps(
		'HSET hash a 1 b 2',
		'HPTTL hash FIELDS 2 a b',
		'HPEXPIREAT hash 4102444800000 FIELDS 1 a',
		'HSCAN hash 0 COUNT 100',
		'HPTTL hash FIELDS 2 a b',
		'HTTL hash FIELDS 3 a b gone',
		'HPEXPIRETIME hash FIELDS 3 a b gone',
		'HPEXPIRETIME hash FIELDS 1 a',
		'HPEXPIRETIME hash FIELDS 1 b',
		'HSET hash a 3',
		'HPTTL hash FIELDS 2 a b',
		'HEXPIRE hash 100 FIELDS 1 a',
		'HSETEX hash EX 50 FIELDS 1 b 5',
		'HSETEX hash KEEPTTL FIELDS 1 b 6',
		'HGETEX hash PERSIST FIELDS 1 b',
		'HPTTL gone FIELDS 2 a b',
		'HPTTL hash FIELDS 2 a',
		'SET string value',
		'HPTTL string FIELDS 1 a',
	),
	'no hot keys': steps('COMMAND INFO HOTKEYS', 'HOTKEYS GET'),
};

async function record(port: number): Promise<void> {
	const others = await RawConnection.open(port);
	const call = async (connection: RawConnection, line: string) => (await connection.call(line.split(' '))).text;
	const info = await call(others, 'INFO server');
	const versions = info.split('\r\n').filter((line) => /^(redis|valkey)_(version|build_id)/.test(line));
	process.stdout.write(`# ${versions.join(', ')}\n`);
	const hasHotKeys = (await call(others, 'COMMAND INFO HOTKEYS')).includes('hotkeys');
	for (const resp of [2, 3] as const)
		for (const [name, list] of Object.entries(hasHotKeys ? {...hotKeySessions, ...fieldSessions} : fieldSessions)) {
			await call(others, 'FLUSHALL');
			const connection = await RawConnection.open(port, resp);
			process.stdout.write(`\n== RESP${resp}, ${name}\n`);
			for (const {line, by, times = 1} of list) {
				if (by !== undefined) for (let time = 0; time < times; time++) await call(others, line);
				else process.stdout.write(`${line}\n${JSON.stringify(await call(connection, line))}\n`);
			}
			connection.socket.destroy();
		}
	others.socket.destroy();
}

await record(Number(process.argv[2]));
