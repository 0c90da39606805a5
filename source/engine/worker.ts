import {parentPort, workerData} from 'node:worker_threads';
import {AttachedEngine} from './attached/attached-engine.js';
import {Engine} from './engine.js';
import {EngineError} from './engine-error.js';
import {oneLine} from './one-line.js';
import type {EngineMessage, EngineOptions, EngineRequest, EngineSnapshot} from './protocol.js';

/* Entry point of the worker thread: passes messages of the main thread on to the engine. */

const port = parentPort;
if (!port) throw new Error('worker.js runs only as a worker thread');

const post = (message: EngineMessage) => port.postMessage(message);

function fail(error: unknown): void {
	const {code, message, exitCode} =
		error instanceof EngineError
			? error
			: {code: 'ERR_ENGINE', message: `the engine failed: ${oneLine(error)}`, exitCode: 1};
	post({type: 'fatal', code, message, exitCode});
}

async function start(): Promise<Pick<Engine, keyof Engine> | undefined> {
	try {
		const options = workerData as EngineOptions;
		const send = (snapshot: EngineSnapshot) => post({type: 'snapshot', snapshot});
		const engine = options.attach
			? await AttachedEngine.start(options.attach, options, send)
			: await Engine.start(options, send);
		post({type: 'ready'});
		return engine;
	} catch (error) {
		fail(error);
		return undefined;
	}
}

// An uncaught error must not end the thread: the main thread asks it to close, so that it can stop its server first.
process.on('uncaughtException', fail);
process.on('unhandledRejection', fail);

const starting = start();

port.on('message', async (request: EngineRequest) => {
	const engine = await starting;
	switch (request.type) {
		case 'command': {
			const reply = engine
				? await engine.run(request.call)
				: ({ok: false, code: 'ERR_ENGINE', message: 'the engine is not running'} as const);
			post({type: 'reply', id: request.id, reply});
			return;
		}
		case 'complete': {
			const items = engine ? await engine.complete(request.name, request.index, request.prefix) : [];
			post({type: 'completions', id: request.id, items});
			return;
		}
		case 'recording':
			post({type: 'recording', id: request.id, recording: engine?.drillRecording()});
			return;
		case 'course':
			post({type: 'course', id: request.id, course: engine?.trafficCourse()});
			return;
		case 'rate':
			engine?.setRate(request.hz);
			return;
		case 'close':
			await engine?.close();
			post({type: 'closed', id: request.id});
			port.close();
	}
});
