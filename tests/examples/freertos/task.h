/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Stands in for the kernel's task.h. */
#ifndef EXAMPLE_TASK_H
#define EXAMPLE_TASK_H

#include "FreeRTOS.h"

void vTaskSuspendAll(void);
BaseType_t xTaskResumeAll(void);

#endif
