import {once} from 'node:events';
import {createServer, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import {expect, it, onTestFinished} from 'vitest';
import {HttpSubject} from '../../../source/drills/subject/http-subject.js';
import {until} from '../../support/until.js';

/** An application that answers when it is told to. */
async function startApplication() {
	const requests: {readonly words: string; readonly response: ServerResponse}[] = [];
	const server = createServer((request, response) => {
		let body = '';
		request.on('data', (chunk) => {
			body += chunk;
		});
		request.on('end', () => requests.push({words: `${request.method} ${request.url} ${body}`.trim(), response}));
	}).listen(0, '127.0.0.1');
	await once(server, 'listening');
	const subject = new HttpSubject(`http://127.0.0.1:${(server.address() as AddressInfo).port}/{key}`);
	onTestFinished(async () => {
		await subject.close();
		server.closeAllConnections();
		server.close();
	});
	const words = () => requests.map((request) => request.words);
	const answer = async (wanted: string, status = 200) => {
		await until(() => words().includes(wanted), wanted);
		requests
			.find((request) => request.words === wanted)
			?.response.writeHead(status)
			.end();
	};
	return {subject, words, answer};
}

it('changes of a key are made one after the other, so that none overtakes another on its connection', async () => {
	const {subject, words, answer} = await startApplication();
	const first = subject.set('a', 1);
	const second = subject.delete('a');
	const third = subject.set('a', 3);
	const other = subject.set('b', 1);
	const read = subject.get('a');
	await answer('PUT /b 1');
	await other;
	await answer('GET /a', 404);
	expect(await read).toBeUndefined();
	expect(words()).toEqual(expect.not.arrayContaining(['DELETE /a', 'PUT /a 3']));
	await answer('PUT /a 1', 503);
	await expect(first).rejects.toThrow('it answered 503');
	await answer('DELETE /a');
	await second;
	await answer('PUT /a 3');
	await third;
	expect(words().filter((each) => / \/a/.test(each) && !each.startsWith('GET'))).toEqual([
		'PUT /a 1',
		'DELETE /a',
		'PUT /a 3',
	]);
});

it('changes in flight fail when the subject is closed, and those that wait for them are not made', async () => {
	const {subject, words} = await startApplication();
	const changes = Promise.all([subject.set('a', 1), subject.set('a', 2)].map((change) => change.catch(String)));
	await until(() => words().includes('PUT /a 1'), 'the first change');
	await subject.close();
	expect(await changes).toEqual(['Error: its reply ended early', 'Error: its reply ended early']);
	expect(words()).toEqual(['PUT /a 1']);
});
