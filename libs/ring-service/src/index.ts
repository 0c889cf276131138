export { platformService } from './ring-service.module.js';
