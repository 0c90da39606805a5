import {afterAll, beforeAll, describe, expect, it, vi} from 'vitest';
import {startPrivateRedis} from '../../../source/embedded/start-private-redis.js';
import type {PrivateRedis} from '../../../source/embedded/types.js';
import {consentWordOf} from '../../../source/engine/consent/consent-word.js';
import {parseTunnelUrl} from '../../../source/engine/target/tunnel/tunnel-url.js';
import {redactUrl} from '../../../source/pool/redis-url.js';
import {startTestEngine} from '../../support/engine.js';
import {type FakeSsh, makeFakeSsh} from '../../support/fake-ssh.js';
import {isAlive} from '../../support/processes.js';
import {startProgram} from '../../support/program.js';
import {until} from '../../support/until.js';

let ssh: FakeSsh;
let server: PrivateRedis;

beforeAll(async () => {
	ssh = makeFakeSsh();
	vi.stubEnv('PATH', ssh.path);
	server = await startPrivateRedis({password: ''});
});

afterAll(async () => {
	vi.unstubAllEnvs();
	await server?.close();
	ssh?.remove();
});

describe('the URL of a tunnel', () => {
	it.each([
		['ssh://bastion/redis://10.0.0.5', {destination: 'bastion', port: undefined}],
		['ssh://ann@bastion.example:2222/rediss://:pw@10.0.0.5:6380/1', {destination: 'ann@bastion.example', port: 2222}],
		['ssh://[fd00::1]/unix:///run/redis.sock', {destination: 'fd00::1', port: undefined}],
	])('%s', (url, place) => {
		expect(parseTunnelUrl(url).ssh).toEqual(place);
	});

	it.each([
		'ssh://bastion',
		'ssh://bastion/',
		'ssh:///redis://a',
		'ssh://-oProxyCommand=x/redis://a',
		'ssh://ann:s3cret@bastion/redis://a',
		'ssh://bastion/redis+cluster://a',
	])('%s is refused, without repeating it', (url) => {
		expect(() => parseTunnelUrl(url)).toThrow(/^A tunnel (is written before|leads to one server)/);
		expect(redactUrl(url)).not.toContain('s3cret');
	});

	it('is shown without the login of the Redis, and asks for both hosts before something is written', () => {
		const shown = redactUrl('ssh://ann@bastion/redis://ann:s3cret@10.0.0.5:6379/1');
		expect(shown).toBe('ssh://ann@bastion/redis://***@10.0.0.5:6379/1');
		expect(consentWordOf(shown)).toBe('10.0.0.5 at bastion');
	});
});

describe('a Redis behind another machine', () => {
	it('is used through ssh, which is started again when it ends, and ends with the engine', async () => {
		const url = `ssh://ann@bastion:2222/redis://127.0.0.1:${server.port}`;
		const engine = await startTestEngine({url});
		await engine.until(({cache}) => cache.mode.mode === 'connected', 'the cache is connected');
		expect(engine.latest().target.url).toBe(url);
		const options =
			'-o BatchMode=yes -o ExitOnForwardFailure=yes -o ServerAliveInterval=5 -o ServerAliveCountMax=3 -o ControlPath=none';
		expect(ssh.calls()).toEqual([
			expect.stringMatching(
				`^-N -L 127\\.0\\.0\\.1:\\d+:127\\.0\\.0\\.1:${server.port} ${options} -p 2222 ann@bastion$`,
			),
		]);
		process.kill(ssh.pids()[0] ?? 0, 'SIGKILL');
		await engine.until(({cache}) => cache.mode.mode !== 'connected', 'the cache has lost its connection');
		await engine.until(({cache}) => cache.mode.mode === 'connected', 'it is connected again');
		const texts = engine.events().map(({text}) => text);
		expect(texts).toContainEqual(
			expect.stringMatching(/^the tunnel through ann@bastion has ended.*; it is opened again$/),
		);
		expect(texts).toContain('the tunnel through ann@bastion is open again');
		await engine.close();
		await until(() => ssh.pids().every((pid) => !isAlive(pid)), 'ssh has ended');
	});

	it('says what ssh says where it cannot be reached', async () => {
		const place = `127.0.0.1:${server.port}`;
		await expect(startTestEngine({url: `ssh://nobody@bastion/redis://${place}`})).rejects.toMatchObject({
			message: 'no tunnel through nobody@bastion: nobody@bastion: Permission denied (publickey).',
			exitCode: 3,
		});
		await expect(startTestEngine({url: 'ssh://bastion/redis://127.0.0.1:1'})).rejects.toMatchObject({
			message: expect.stringMatching(
				/^cannot reach ssh:\/\/bastion\/redis:\/\/127\.0\.0\.1:1 through its tunnel: ssh says channel 2: open failed: .*ECONNREFUSED/,
			),
			exitCode: 3,
		});
		await until(() => ssh.pids().every((pid) => !isAlive(pid)), 'ssh has ended');
	});

	it('ssh ends with the program, however that ends', async () => {
		const before = ssh.pids().length;
		const url = `ssh://bastion/redis://127.0.0.1:${server.port}`;
		const program = startProgram(['--once', '--url', url], {env: {PATH: ssh.path}});
		await until(() => ssh.pids().length > before, 'ssh runs');
		program.child.kill('SIGKILL');
		await program.finished;
		await until(() => ssh.pids().every((pid) => !isAlive(pid)), 'ssh has ended');
	});
});
