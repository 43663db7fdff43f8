/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One act of a pack, whose body a test gives: what packs call, tried call by call.
 * By 7, a "hand" of the office low, at 9 on Monday, 5 January 2026. Above low is mid, and
 * top above that; other stands beside them, with 9.
 */
#ifndef TONGBU_SCRIPT_H
#define TONGBU_SCRIPT_H

#include "fold.h"

#define SCRIPT_WORLD                                                                           \
	"{'time':'2026-01-05T09:00:00+08:00','office':{'id':'top','name':'Top'}}\n"            \
	"{'actor':{'uid':1,'name':'Admin','office':'top','roles':['admin']}}\n"                \
	"{'office':{'id':'mid','name':'Mid','parent':'top','kind':'k','owns':['m']}}\n"        \
	"{'office':{'id':'low','name':'Low','parent':'mid','kind':'k','data':{'n':3}}}\n"      \
	"{'office':{'id':'other','name':'Other','owns':['x']}}\n"                              \
	"{'actor':{'uid':7,'name':'Seven','office':'low','roles':['a.hand']}}\n"               \
	"{'actor':{'uid':8,'name':'Eight','office':'mid','roles':['a.hand','a.head']}}\n"      \
	"{'actor':{'uid':9,'name':'Nine','office':'other','roles':[]}}\n"                      \
	"{'place':{'id':'road','kind':'road','name':'Road','office':'low','road':'G1',"        \
	"'from_km':0,'to_km':100}}\n"                                                          \
	"{'place':{'id':'bridge','kind':'road','name':'Bridge','office':'other','road':'G1',"  \
	"'from_km':40,'to_km':41}}\n"                                                          \
	"{'place':{'id':'lake','kind':'lake','name':'Lake','office':'mid','area':{'type':"     \
	"'Polygon','coordinates':[[[0,0],[10,0],[10,10],[0,10],[0,0]],[[4,4],[6,4],[6,6],"     \
	"[4,6],[4,4]]]},'data':{'deep':true}}}\n"                                              \
	"{'place':{'id':'isles','kind':'isle','name':'Isles','parent':'lake','area':{'type':"  \
	"'MultiPolygon','coordinates':[[[[1,1],[2,1],[2,2],[1,2],[1,1]]],[[[8,8],[9,8],[9,9]," \
	"[8,8]]]]}}}\n"                                                                        \
	"{'duty':{'office':'low','uid':7,'days':[1,2,3,4,5],'from':'08:00','to':'18:00'}}\n"   \
	"{'duty':{'office':'low','uid':8,'days':[],'from':'18:00','to':'08:00'}}\n"            \
	"{'holiday':{'date':'2026-01-06','working':false}}\n"

#define SCRIPT_ACT "{'uid':7,'act':{'pack':'a','kind':'run'}}\n"

void script_pack(const char *body);
void script_runs(const char *body);
void script_causes(const char *body, const char *effects);
void script_refused(const char *body, const char *why);
void script_fails(const char *body, const char *why);
void script_then(const char *body, const char *lines);

#endif /* TONGBU_SCRIPT_H */
