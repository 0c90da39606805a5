import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {chmodSync, chownSync, existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:net';
import {join} from 'node:path';
import {beforeEach, expect, it, onTestFinished} from 'vitest';
import {LiveProcess} from '../../../source/cache/live/live-process.js';
import {listSockets, openSocketFolder} from '../../../source/cache/live/socket-folder.js';
import {RedisCache} from '../../../source/cache/redis-cache.js';
import {chooseLiveCache} from '../../../source/engine/attached/live-processes.js';
import {runtimeFolder} from '../../support/runtime-folder.js';
import {until} from '../../support/until.js';

const folder = runtimeFolder();

beforeEach(() => rmSync(folder.sockets, {recursive: true, force: true}));

/** The id of a process that has ended, with a socket that it has left. */
async function deadSocket(): Promise<string> {
	const code = `require('node:net').createServer().listen(process.argv[1] + '/' + process.pid + '-0.sock', () => process.kill(process.pid, 'SIGKILL'))`;
	const child = spawn(process.execPath, ['-e', code, folder.sockets]);
	await once(child, 'exit');
	return join(folder.sockets, `${child.pid}-0.sock`);
}

it('is made anew for this user alone', async () => {
	expect(await openSocketFolder()).toBe(folder.sockets);
});

it('is refused if others can write to it, and nothing is listed from there, with the reason', async () => {
	mkdirSync(folder.sockets, {mode: 0o700});
	chmodSync(folder.sockets, 0o770);
	const message = `${folder.sockets} is open to other users: run chmod 700 ${folder.sockets}`;
	await expect(openSocketFolder()).rejects.toMatchObject({code: 'ERR_LIVE_FOLDER', message});
	writeFileSync(join(folder.sockets, '1-0.sock'), '');
	expect(await listSockets()).toEqual({sockets: [], refused: [message]});
	expect(() => chooseLiveCache('shop', {caches: [], silent: [], refused: [message]})).toThrow(
		`there is no live process "shop": ${message}`,
	);
});

it('is refused if it is a link to elsewhere', async () => {
	mkdirSync(join(folder.path, 'elsewhere'), {recursive: true, mode: 0o700});
	symlinkSync(join(folder.path, 'elsewhere'), folder.sockets);
	onTestFinished(() => rmSync(folder.sockets, {force: true}));
	await expect(openSocketFolder()).rejects.toThrow('is not a folder: remove it');
});

it.runIf(process.getuid?.() === 0)('is refused if it belongs to somebody else', async () => {
	mkdirSync(folder.sockets, {mode: 0o700});
	chownSync(folder.sockets, 65_534, 65_534);
	await expect(openSocketFolder()).rejects.toThrow('belongs to another user');
});

it('costs an application a warning and no call', async () => {
	mkdirSync(folder.sockets, {mode: 0o700});
	chmodSync(folder.sockets, 0o755);
	const warnings: string[] = [];
	const onWarning = ({message}: Error) => void warnings.push(message);
	process.on('warning', onWarning);
	onTestFinished(() => void process.off('warning', onWarning));
	const cache = new RedisCache({url: 'redis://127.0.0.1:1', inspect: true});
	onTestFinished(() => cache.close());
	await until(() => warnings.length > 0, 'the warning');
	expect(warnings).toEqual([expect.stringMatching(/redis-cache-tui attach cannot show this process: .* chmod 700/)]);
	expect(await cache.getOrSet('key', () => 'value')).toBe('value');
});

it('loses the sockets of processes that are gone to whoever comes next, and keeps those of the living', async () => {
	await openSocketFolder();
	const left = await deadSocket();
	expect(existsSync(left)).toBe(true);
	const other = createServer().listen(join(folder.sockets, `${process.ppid}-0.sock`));
	onTestFinished(() => void other.close());
	await once(other, 'listening');
	const live = await LiveProcess.start();
	onTestFinished(() => live.close());
	expect(existsSync(left)).toBe(false);
	expect(readdirSync(folder.sockets).sort()).toEqual([`${process.pid}-0.sock`, `${process.ppid}-0.sock`].sort());
});
