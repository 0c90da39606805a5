import type {WriteResult} from './types.js';

export const inRedis: WriteResult = {stored: 'redis'};
export const inMemory: WriteResult = {stored: 'memory'};
