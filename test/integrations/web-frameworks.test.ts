import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {startFaultProxy, startRedis} from '../../source/testing/testing.js';
import {until} from '../support/until.js';
import {installApplications} from './support/applications.js';
import {type Installation, install} from './support/install.js';
import {type RunningApplication, start} from './support/start.js';

const names = ['express', 'fastify', 'nest'] as const;
const root = fileURLToPath(new URL('../../', import.meta.url));

let application: Installation;

beforeAll(async () => {
	const nest = ['common', 'core', 'platform-express', 'cache-manager'].map((name) => `@nestjs/${name}@12`);
	const packages = [
		'express@5',
		'@types/express@5',
		'fastify@5',
		'cache-manager@7',
		'keyv@5',
		'reflect-metadata',
		'rxjs@7',
	];
	application = await install([...nest, ...packages]);
	await installApplications(application, ['database', ...names]);
});

afterAll(() => application.remove());

/** Asks again and again, a request at a time for each of five clients, and returns the longest time and the wrong answers. */
async function ask(url: string, forMs: number): Promise<{readonly longestMs: number; readonly failures: string[]}> {
	const failures: string[] = [];
	let longestMs = 0;
	const end = performance.now() + forMs;
	const client = async () => {
		while (performance.now() < end) {
			const begin = performance.now();
			const answer = await fetch(url, {signal: AbortSignal.timeout(10_000)}).then(
				async (response) => `${response.status} ${await response.text()}`,
				String,
			);
			longestMs = Math.max(longestMs, performance.now() - begin);
			if (!answer.startsWith('200 ')) failures.push(answer);
			await new Promise((resolve) => setTimeout(resolve, 20));
		}
	};
	await Promise.all([client(), client(), client(), client(), client()]);
	return {longestMs, failures};
}

const nameOf = async ({url}: RunningApplication): Promise<string> => {
	const response = await fetch(`${url}/users/1`);
	return ((await response.json()) as {name: string}).name;
};

const rename = async ({url}: RunningApplication, name: string): Promise<number> => {
	const response = await fetch(`${url}/users/1`, {
		method: 'PUT',
		headers: {'content-type': 'application/json'},
		body: JSON.stringify({name}),
	});
	return response.status;
};

describe('an application', () => {
	it('has the types that its frameworks want', async () => {
		const compilerOptions = {
			target: 'ES2022',
			module: 'NodeNext',
			strict: true,
			skipLibCheck: true,
			experimentalDecorators: true,
			noEmit: true,
			types: ['node'],
			typeRoots: [join(root, 'node_modules', '@types')],
		};
		application.write('tsconfig.json', JSON.stringify({compilerOptions, files: names.map((name) => `${name}.ts`)}));
		await application.run(join(root, 'node_modules/.bin/tsc'), '-p', '.');
	});

	it.for(names)(
		'of %s answers each request through outages, and with the last name after them',
		async (name, {onTestFinished}) => {
			const redis = await startRedis();
			onTestFinished(() => redis.close());
			const proxy = await startFaultProxy(redis.url);
			onTestFinished(() => proxy.close());
			const running = await start({
				folder: application.folder,
				args: [`${name}.js`],
				env: {REDIS_URL: proxy.url},
				path: '/users/1',
			});
			onTestFinished(() => running.kill());
			expect(await nameOf(running)).toBe('Ada');
			expect((await fetch(`${running.url}/users/2`)).status).toBe(404);

			for (const [fault, newName] of [
				['blackhole', 'Grace'],
				['refuse', 'Edith'],
			] as const) {
				const lift = proxy.apply(fault);
				const {longestMs, failures} = await ask(`${running.url}/users/1`, 1200);
				expect(failures).toEqual([]);
				// A deadline for each of the few calls before the cache is in fallback, on a busy machine.
				expect(longestMs).toBeLessThan(5000);
				expect(await rename(running, newName)).toBe(204);
				expect(await nameOf(running)).toBe(newName);
				lift();
				await until(() => proxy.connections() > 1, 'it is connected again');
				expect((await ask(`${running.url}/users/1`, 500)).failures).toEqual([]);
				expect(await nameOf(running)).toBe(newName);
			}
			// Nest closes all, and then ends by the signal.
			expect(await running.stop()).toBe(name === 'nest' ? null : 0);
		},
	);
});
