"""Surnames by frequency, from Faker's zh_CN provider; compound ones it lacks beside it."""
from faker.providers.person.zh_CN import Provider

# 百家姓 and the compound surnames still borne (MPS counts of 2007 and later).
COMPOUND = """欧阳 上官 司马 诸葛 皇甫 尉迟 公孙 慕容 长孙 司徒 夏侯 东方 南宫 西门 独孤 令狐 宇文 端木
淳于 单于 申屠 轩辕 呼延 闻人 赫连 澹台 公冶 宗政 濮阳 太叔 钟离 鲜于 闾丘 司空 亓官 司寇 仉督 子车 颛孙
巫马 公西 漆雕 乐正 壤驷 公良 拓跋 夹谷 宰父 谷梁 段干 百里 东郭 呼延 羊舌 微生 梁丘 左丘 东门 南门 第五
公羊 万俟 完颜 纳兰 叶赫 爱新觉罗 那拉 钮祜禄 瓜尔佳 耶律 贺兰 达奚 相里 即墨 哥舒 叱干 侯莫陈 屈突 仆固
贺若 欧侯 欧冶 伊尔根觉罗""".split()
# Single ones of the 百家姓 and of frequency lists that the provider leaves out.
SINGLE = """赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎
鲁韦昌马苗凤花方俞任袁柳酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵
湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田
樊胡凌霍虞万支柯昝管卢莫经房裘缪干解应宗丁宣贲邓郁单杭洪包诸左石崔吉钮龚程嵇邢滑裴陆荣翁荀羊於惠甄曲家封芮羿
储靳汲邴糜松井段富巫乌焦巴弓牧隗山谷车侯宓蓬全郗班仰秋仲伊宫宁仇栾暴甘钭厉戎祖武符刘景詹束龙叶幸司韶郜黎蓟薄
印宿白怀蒲邰从鄂索咸籍赖卓蔺屠蒙池乔阴鬱胥能苍双闻莘党翟谭贡劳逄姬申扶堵冉宰郦雍郤璩桑桂濮牛寿通边扈燕冀郏浦
尚农温别庄晏柴瞿阎充慕连茹习宦艾鱼容向古易慎戈廖庾终暨居衡步都耿满弘匡国文寇广禄阙东欧殳沃利蔚越夔隆师巩厍聂
晁勾敖融冷訾辛阚那简饶空曾毋沙乜养鞠须丰巢关蒯相查后荆红游竺权逯盖益桓公仉岳帅缑亢况郈有琴归海晋楚闫法汝鄢涂
钦商牟佘佴伯赏墨哈谯笪年爱阳佟言福肖代付邸阎岩苑冼覃麦植蔚闽门占鲜郇仝揭矫闭荣撒苟候区肇降锁幺修"""


def table():
    ranked = sorted(Provider.last_names.items(), key=lambda item: (-item[1], item[0])) \
        if isinstance(Provider.last_names, dict) else [(n, 0) for n in Provider.last_names]
    names = [name for name, _ in ranked]
    known = set(names)
    for name in list("".join(SINGLE.split())) + COMPOUND:
        if name not in known:
            known.add(name)
            names.append(name)
    yield ["surname"]
    for name in names:
        yield [name]
