import type {WriteResult} from '../api/types.js';

export const inRedis: WriteResult = {stored: 'redis'};
export const inMemory: WriteResult = {stored: 'memory'};
