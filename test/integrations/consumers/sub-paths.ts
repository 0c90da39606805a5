/* Every other entry point of the package: compiled, and never run. */
import Keyv from 'keyv';
import {type CacheSnapshot, RedisCache} from 'redis-cache-tui';
import schema from 'redis-cache-tui/drill.schema.json' with {type: 'json'};
import {KeyvStore} from 'redis-cache-tui/keyv';
import {type InstrumentOptions, instrument} from 'redis-cache-tui/opentelemetry';
import {type DrillReport, runDrill} from 'redis-cache-tui/testing';

export const options: InstrumentOptions = {memoryHits: true};
export const stop: () => void = instrument(new RedisCache(), options);
export const keyv = new Keyv({store: new KeyvStore({ttl: '1m'})});
export const p99 = ({durations}: CacheSnapshot): number => durations.get.count;
export const report = (): Promise<DrillReport> => runDrill('./cache.mjs', 'black-hole');
export const title: string = schema.title;
