/* SPDX-License-Identifier: GPL-2.0-only */
/* GPIO lines as sources; all but this is behind tb_gpio_ops. */
#ifndef TONGBU_GPIO_H
#define TONGBU_GPIO_H

int tb_gpio_init(void);
void tb_gpio_exit(void);

#endif /* TONGBU_GPIO_H */
