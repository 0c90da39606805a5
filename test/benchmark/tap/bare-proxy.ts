import {connect, createServer, type Socket} from 'node:net';

/* A TCP proxy that does nothing else, for comparison: `bare-proxy.ts PORT TARGET`. Runs until its input ends. */

const [port, target] = process.argv.slice(2).map(Number);

function pass(from: Socket, to: Socket): void {
	from.on('data', (chunk) => {
		if (!to.write(chunk)) from.pause();
	});
	to.on('drain', () => from.resume());
	from.on('end', () => to.end());
	from.on('error', () => to.destroy());
}

createServer({noDelay: true}, (client) => {
	const server = connect({host: '127.0.0.1', port: target ?? 0, noDelay: true});
	pass(client, server);
	pass(server, client);
}).listen(port, '127.0.0.1');

process.stdin.on('end', () => process.exit()).resume();
