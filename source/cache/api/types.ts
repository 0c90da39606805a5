export type * from './cache-api.js';
export type * from './cache-events.js';
export type * from './cache-life.js';
export type * from './cache-options.js';
export type * from './call-types.js';
export type * from './connection-options.js';
export type * from './duration.js';
