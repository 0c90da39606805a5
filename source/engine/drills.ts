import type {DrillReport} from '../faults/drill-report.js';
import {FaultRefusedError} from '../faults/fault-errors.js';
import type {DrillSnapshot} from './protocol.js';

/** The drills of a session: one at a time. */
export class Drills {
	readonly running: boolean = false;

	names(): Promise<readonly string[]> {
		return Promise.resolve([]);
	}

	snapshot(): DrillSnapshot | undefined {
		return undefined;
	}

	start(name: string): Promise<DrillSnapshot> {
		return Promise.reject(new FaultRefusedError(`no drill ${JSON.stringify(name)}`));
	}

	stop(_reason: string): Promise<DrillReport | undefined> {
		return Promise.resolve(undefined);
	}

	close(): Promise<void> {
		return Promise.resolve();
	}
}
