import type {ApplicationSnapshot} from '../../../source/engine/protocol.js';
import {startTestEngine, type TestEngine} from '../../support/engine.js';

/** A tap in front of private servers, with the port that an application connects to. The caller has to close the engine. */
export async function startTapped(
	topology: 'cluster' | 'sentinel',
): Promise<{readonly engine: TestEngine; readonly port: number}> {
	const tap = {listen: {host: '127.0.0.1', port: 0}, hideKeys: false};
	const engine = await startTestEngine({topology, tap});
	await engine.until(({application}) => application !== undefined, 'the tap');
	return {engine, port: Number(applicationOf(engine).listen.split(':')[1])};
}

export function applicationOf(engine: TestEngine): ApplicationSnapshot {
	const {application} = engine.latest();
	if (application === undefined) throw new Error('there is no application');
	return application;
}

/** Statistics of the keys of a prefix, once so many reads of them have found a value. */
export async function patternOf(engine: TestEngine, prefix: string, hits: number) {
	const pattern = () => applicationOf(engine).patterns.find((each) => each.pattern === `${prefix}:*`);
	await engine.until(() => (pattern()?.hits ?? 0) >= hits, `the reads of ${prefix}`);
	return pattern();
}
