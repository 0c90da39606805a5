import type {Output} from './output.js';
import type {Settings} from './settings.js';
export async function printDrills(_f: string, _o: Output): Promise<number> {
	return 0;
}
export async function runDrills(_d: string | undefined, _f: string, _s: Settings, _o: Output): Promise<number> {
	return 0;
}
