// SPDX-License-Identifier: GPL-2.0-only
/* Numbers of persons and vehicles are found as people write them; others are not. */
#include "personal.h"
#include "unit.h"

static void all_are(const char *const *texts, size_t count, enum tb_personal what)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (tb_personal_find(texts[i]) != what)
			fail_msg("%s: %d", texts[i], tb_personal_find(texts[i]));
}

static void mobiles(void **state)
{
	static const char *const texts[] = {
		"Call me: 13800138000 please",
		"13800138000",
		"电话13800138000，晚上打",
		"tel13800138000x",
		"Call me: +8613800138000 please",
		"+86 138 0013 8000",
		"+86-138-0013-8000",
		"(+86)13800138000",
		"(86) 138 0013 8000",
		"0086-138-0013-8000",
		"008613800138000",
		"8613800138000",
		"013800138000",
		"Room 302 13800138000 please",
		"302-13800138000",
		"302房13800138000",
		"１３８００１３８０００",
		"１３８ ００１３ ８０００",
		"138　0013　8000",
		"138－0013－8000",
		"138—0013—8000",
		"138·0013·8000",
		"138.0013.8000",
		"138-0013-8000",
		"138/0013/8000",
		"138_0013_8000",
		"138 - 0013 - 8000",
		"1380013-8000",
		"138-00138000",
		"138 001 38000",
		"1380-013-8000",
		"1 380 013 8000",
		"1 3 8 0 0 1 3 8 0 0 0",
		"1-3-8-0-0-1-3-8-0-0-0",
		"138\xe2\x80\x8b"
		"0013\xe2\x80\x8b"
		"8000",
		"Call 13800138000 13900139000 please",
		"13800138000/13900139000",
		"13800138000,13900139000",
		"1380013800013900139000",
		"13800138000转8001",
		"13800138000-8001",
		"2 children, 19912345678, 3 rooms",
		"K12 16600001111",
		"13800138000.",
		"微信同号:13800138000",
		"S-13800138000",
	};

	(void)state;
	all_are(texts, ARRAY_SIZE(texts), TB_PERSONAL_NUMBER);
}

static void identities(void **state)
{
	static const char *const texts[] = {
		"330103198001012345",
		"Zhang San 330103198001012345 tel",
		"身份证330103198001012345号",
		"33010319800101234X",
		"33010319800101234x",
		"33010319800101234 x",
		"33010319800101234Ｘ",
		"３３０１０３１９８００１０１２３４５",
		"330103 19800101 2345",
		"330103-19800101-2345",
		"330103 1980 0101 2345",
		"330103 19800101 234X",
		"ID330103198001012345",
		"330103198001012345330103199002282345",
		"33010319800101234513812345678",
		"110101200002291234",
		"no 12, 330103198001012345",
		"330102900307123",
	};

	(void)state;
	all_are(texts, ARRAY_SIZE(texts), TB_PERSONAL_NUMBER);
}

static void plates(void **state)
{
	static const char *const texts[] = {
		"浙A12345",
		"浙a12345",
		"浙A·12345",
		"浙A-12345",
		"浙 A 12345",
		"浙Ａ１２３４５",
		"沪AD12345",
		"京A12345D",
		"浙A1234挂",
		"浙a1234挂",
		"浙A 1234 挂",
		"浙A-1234挂",
		"粤B1234学",
		"赣C1A234",
		"车牌浙F8888K逃逸",
		"川A1234警",
		"粤Z1234港",
		"浙·A12345",
		"苏E0X123，白色",
		"浙A\xe2\x80\x8b"
		"12345",
		"浙 A 1 2 3 4 5",
		"浙 A 1 2 3 4 5 seen",
		"浙AD12345在桥上",
		"粤Z·1234澳",
		"粤ZH001港",
		"京X1234应急",
		"沪A0023领",
		"使014578",
		"使014·578",
		"WJ浙1234X",
		"wj浙12345",
		"军A12345",
		"空A·12345",
		"港牌AB1234",
		"澳牌：MA-12-34",
	};

	(void)state;
	all_are(texts, ARRAY_SIZE(texts), TB_PERSONAL_PLATE);
}

static void ordinary(void **state)
{
	static const char *const texts[] = {
		"",
		"water, km post K120+300, behind the second tunnel",
		"G60 K120+300 to K135+600",
		"沪昆高速G60 K120+300",
		"新G60高速",
		"新S26 12公里处",
		"2026-01-05T09:00:00+08:00",
		"2026-01-05 09:30:15 to 2026-01-06 10:00:00",
		"20260105093015",
		"202601050001",
		"(2026)浙01刑更123号",
		"（2025）浙0103刑初1234号",
		"公通字〔2007〕2号",
		"call 12345 or 110, 0571-87654321",
		"400-820-8820",
		"95588",
		"12345678901",
		"order 20260105123456789012",
		"123456789012345678",
		"330103198013012345",
		"330103198002302345",
		"990103198001012345",
		"3301031980010123456",
		"113800138000",
		"138001380001",
		"1380013800",
		"amount 13800138000.50 yuan",
		"13800138000元",
		"0.13800138000",
		"91330106MA2CDEFG1X",
		"ISBN 978-7-111-12345-6",
		"lon 120.1234567, lat 30.1234567",
		"IP 192.168.138.001",
		"138 20260105",
		"room 138, 0013 8000 hours",
		"1380 cows, 1380 sheep, 138 pigs",
		"7f3a91c2:17",
		"138001380001a2b3c4d5e6f7a8b9c0d1",
		"a13800138000bcdef0123456789abcde",
		"abababababababababababababababababababababababababababababababab",
		"1 2 3 4 5 6 7 8 9 10 11 12 13",
		"3 fish, 12 eels, 150 carp, 2026",
		"blade 150 mm, tip 60 degrees",
		"京津沪渝 12345",
		"云A级景区12345",
		"新A股12345",
		"青岛12345",
		"川A座 302",
		"使用2026年",
		"使 3 人",
		"香港AB1234航班",
		"浙A 1 2 3 栋",
		"标段南A 12345",
		"海12345",
		"330106000012345",
		"S-517",
		"R-8f2c19aa",
		"highway-12",
		"1,380,013,800,000",
		"10/100/1000 Mbit",
	};

	(void)state;
	all_are(texts, ARRAY_SIZE(texts), TB_PERSONAL_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mobiles),
		cmocka_unit_test(identities),
		cmocka_unit_test(plates),
		cmocka_unit_test(ordinary),
	};

	return cmocka_run_group_tests_name("personal", tests, NULL, NULL);
}
