import {expect, it, onTestFinished} from 'vitest';
import type {Client, Wire} from '../../../source/embedded/built-in/client/client.js';
import {handleRequest} from '../../../source/embedded/built-in/execute.js';
import {Scripts} from '../../../source/embedded/built-in/scripting/scripts.js';
import {Server} from '../../../source/embedded/built-in/server.js';

it('the built-in server announces a change before it replies to who made it', () => {
	const server = new Server(
		0,
		new Scripts(() => {
			throw new Error('no script is run');
		}),
		() => {},
	);
	onTestFinished(() => server.close());
	const written: string[] = [];
	const connect = (name: string): Client => {
		const wire: Wire = {
			address: name,
			localAddress: 'server',
			buffered: 0,
			unsent: 0,
			write: (text) => void written.push(`${name} ${JSON.stringify(text)}`),
			end() {},
			destroy() {},
			proceed() {},
		};
		return server.connect(wire);
	};
	const ask = (client: Client, ...words: string[]): void => {
		handleRequest(server, client, words);
		server.flush();
	};
	const [reader, writer] = [connect('reader'), connect('writer')];
	ask(reader, 'HELLO', '3');
	ask(reader, 'CLIENT', 'TRACKING', 'ON', 'BCAST');
	written.length = 0;
	ask(writer, 'SET', 'k', 'v');
	expect(written).toEqual([
		String.raw`reader ">2\r\n$10\r\ninvalidate\r\n*1\r\n$1\r\nk\r\n"`,
		String.raw`writer "+OK\r\n"`,
	]);
});
