import {Redis} from 'ioredis';

/*
 * An application for the screen to show, in a process of its own: reads and writes keys at a steady rate on some
 * connections until it is killed. `application-process.ts PORT COMMANDS_PER_SECOND`
 */

const connections = 10;
const everyMs = 2;

const [port = '6380', perSecond = '5000'] = process.argv.slice(2);
const clients = Array.from({length: connections}, () => new Redis({port: Number(port), connectionName: 'shop'}));
for (const client of clients) client.on('error', () => undefined);

const patterns = ['product', 'session', 'cart', 'search', 'user', 'price'];
const start = performance.now();
let sent = 0;

function send(): void {
	const due = Math.floor(((performance.now() - start) / 1000) * Number(perSecond));
	for (; sent < due; sent++) {
		const client = clients[sent % connections];
		const key = `${patterns[sent % patterns.length]}:${sent % 9973}`;
		const reply = sent % 10 === 0 ? client?.set(key, 'x'.repeat(200), 'EX', 300) : client?.get(key);
		reply?.catch(() => undefined);
	}
}

setInterval(send, everyMs);
