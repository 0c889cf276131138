/**
 * Loaded into each service before its own code (`node --import`): a service whose `npm start` has gone, however it went, stops
 * as it does on SIGTERM. The channel closes with the parent, so nobody has to look.
 */
process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
process.channel?.unref();
